// Another site may show the page in a frame of its own and lay something over it, so that a click meant for that meets the
// microphone. Servers forbid it by a header; a plain host of files sends none, and a policy in the page cannot say it.

/**
 * Whether the page stands in a frame of another origin.
 *
 * @param view Default: the window.
 */
export function isFramedByOthers(view: Window = window): boolean {
  if (view.top === view.self) return false;
  try {
    return view.top?.location.origin !== view.location.origin;
  } catch {
    // The browser does not tell of other origins.
    return true;
  }
}

/** Shows nothing but a link to the page itself, outside of the frame. */
export function showLinkAlone(): void {
  const link = document.createElement("a");
  link.href = location.href;
  link.target = "_blank";
  link.rel = "noopener";
  link.textContent = "Open Spoken Digits in a tab of its own";
  document.getElementById("page")!.replaceChildren(link);
}
