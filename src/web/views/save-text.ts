/**
 * Offers a text as a file to save.
 *
 * @param text What is in it.
 * @param file.name What to call it.
 * @param file.type Its MIME type.
 */
export function saveText(text: string, file: { name: string; type: string }): void {
  const url = URL.createObjectURL(new Blob([text], { type: file.type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = file.name;
  link.click();
  // Safari reads the address after the click has returned.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
