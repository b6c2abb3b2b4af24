/** focused is the element that has the focus, and what is around it, through every shadow root. */
export function focused(): Element[] {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  const path: Element[] = [];
  while (element) {
    path.push(element);
    const root = element.getRootNode();
    element = element.assignedSlot ?? element.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
  }
  return path;
}

/** refocus gives the focus that was lost to the innermost of the elements that still takes it. */
export function refocus(path: Element[]): void {
  for (const element of path) {
    if (document.activeElement && document.activeElement !== document.body) return;
    if (element.isConnected && element instanceof HTMLElement) element.focus({ preventScroll: true });
  }
}
