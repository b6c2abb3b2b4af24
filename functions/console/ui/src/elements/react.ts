// Types for React 19, which sets properties and listens to any event of a custom
// element. There is nothing in it that runs.
import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type { LitElement } from 'lit';
import type {} from './elements.js';

/** Events are what the elements fire, by name. */
type Events = Pick<GlobalEventHandlersEventMap, 'tenon-connected' | 'tenon-failed' | 'tenon-cancelled' | 'tenon-submit'>;
type Listeners = { [E in keyof Events as `on${E}`]?: (event: Events[E]) => void };

type Method = (...given: never[]) => unknown;
/** Properties are the public properties of an element: neither its methods nor those of its bases. */
type Properties<T> = { [K in Exclude<keyof T, keyof LitElement> as T[K] extends Method ? never : K]?: T[K] };

/** Attributes are the properties that attributes set, under the attributes' names. */
type Attributes<T> = { [K in keyof Properties<T> as NonNullable<T[K & keyof T]> extends string ? Kebab<K & string> : never]?: T[K & keyof T] };
type Kebab<S extends string> = S extends `${infer C}${infer Rest}` ? `${C extends Lowercase<C> ? C : `-${Lowercase<C>}`}${Kebab<Rest>}` : S;

type Own<T> = Properties<T> & Attributes<T> & Listeners;
type Props<T> = Own<T> & Omit<DetailedHTMLProps<HTMLAttributes<T>, T>, keyof Own<T>>;

/** TenonElements are the elements by their tags, with what JSX may say of them. */
export type TenonElements = { [Tag in keyof HTMLElementTagNameMap as Tag extends `tenon-${string}` ? Tag : never]: Props<HTMLElementTagNameMap[Tag]> };

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements extends TenonElements {}
  }
}
