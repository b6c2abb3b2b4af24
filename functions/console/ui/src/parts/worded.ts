import { LitElement } from 'lit';
import { state } from 'lit/decorators.js';
import { type Dictionary, learn } from '../words/words.js';

/** Worded is an element that brings its own words, so that it can stand in any page. */
export abstract class Worded extends LitElement {
  /** The words are known; without them there is nothing to show. */
  @state() protected spoken = false;

  protected abstract readonly dictionary: Dictionary;

  override connectedCallback() {
    super.connectedCallback();
    void learn(this.dictionary).then(() => (this.spoken = true));
  }
}
