/** Gives something back: removes a listener, stops a timer, closes a context. */
export type Disposer = () => void;

/** Owner of browser resources: what is added to it is given back together, the newest first. */
export type Scope = {
  /** True once `dispose` has been called. */
  readonly disposed: boolean;
  /** @param disposer Called once on `dispose`, at once if that has already happened. */
  add(disposer: Disposer): void;
  /**
   * Listens until the scope ends.
   *
   * @param target Where the event happens.
   * @param type Name of the event.
   * @param listener What to do.
   */
  listen<E extends Event>(target: EventTarget, type: string, listener: (event: E) => void): void;
  /** Gives everything back; may be called twice. */
  dispose(): void;
};

/** Makes an empty scope. */
export function createScope(): Scope {
  const disposers: Disposer[] = [];
  let disposed = false;
  return {
    get disposed() {
      return disposed;
    },
    add(disposer) {
      if (disposed) disposer();
      else disposers.push(disposer);
    },
    listen(target, type, listener) {
      target.addEventListener(type, listener as EventListener);
      this.add(() => target.removeEventListener(type, listener as EventListener));
    },
    dispose() {
      disposed = true;
      while (disposers.length > 0) disposers.pop()?.();
    },
  };
}
