import { InvalidArgumentError } from "../../errors.ts";

/**
 * Scales a gradient down to a norm, if its own is larger; the same as torch.nn.utils.clip_grad_norm_.
 *
 * @param gradient Of all parameters, changed in place.
 * @param largest Euclidean norm, > 0.
 * @returns The norm before.
 * @throws {InvalidArgumentError} It is not finite; nothing has been changed then.
 */
export function clipNormInPlace(gradient: Float32Array, largest: number): number {
  let squares = 0;
  for (let i = 0; i < gradient.length; i++) squares += gradient[i]! * gradient[i]!;
  const norm = Math.sqrt(squares);
  if (!Number.isFinite(norm))
    throw new InvalidArgumentError(`clipNormInPlace: the norm of the gradient must be finite, got ${norm}`);
  // The 1e-6 is torch's.
  const scale = largest / (norm + 1e-6);
  if (scale < 1) for (let i = 0; i < gradient.length; i++) gradient[i]! *= scale;
  return norm;
}
