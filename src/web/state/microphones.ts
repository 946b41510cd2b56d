import { signal } from "@preact/signals";

/** A microphone to choose. */
export type MicrophoneChoice = { id: string; name: string };

/** The microphones of this device. Browsers name them only once one has been used. */
export const microphones = signal<readonly MicrophoneChoice[]>([]);

/** Looks for microphones anew. */
export async function listMicrophones(): Promise<void> {
  const devices = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
  microphones.value = devices
    .filter(({ kind, deviceId, label }) => kind === "audioinput" && deviceId !== "" && label !== "")
    .map(({ deviceId, label }) => ({ id: deviceId, name: label }));
}

/** Keeps the list up to date. To be called once. */
export function watchMicrophones(): void {
  void listMicrophones();
  navigator.mediaDevices?.addEventListener?.("devicechange", () => void listMicrophones());
}
