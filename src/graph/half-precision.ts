// Numbers in half precision (IEEE 754 binary16), in which a file holds weights in half of the bytes.

const single = new Float32Array(1);
const bits = new Uint32Array(single.buffer);

/**
 * Rounds numbers to half precision, to the nearest and, half-way, to the even one. What is too large becomes infinite.
 *
 * @param numbers Any.
 * @returns As many, each as its 16 bits.
 */
export function toHalf(numbers: Float32Array): Uint16Array {
  return Uint16Array.from(numbers, halfBits);
}

/**
 * The numbers that halves stand for, exactly.
 *
 * @param halves 16 bits each.
 * @returns As many.
 */
export function fromHalf(halves: Uint16Array): Float32Array {
  return Float32Array.from(halves, halfValue);
}

function halfBits(number: number): number {
  single[0] = number;
  const sign = (bits[0]! >>> 16) & 0x8000;
  const exponent = ((bits[0]! >>> 23) & 0xff) - 112;
  const mantissa = bits[0]! & 0x7fffff;
  if (exponent === 143) return sign | 0x7c00 | (mantissa === 0 ? 0 : 0x200);
  if (exponent >= 31) return sign | 0x7c00;
  if (exponent < -10) return sign;
  // A carry out of the mantissa raises the exponent, as it should.
  if (exponent > 0) return sign | (roundedShift((exponent << 23) | mantissa, 13) & 0x7fff);
  return sign | roundedShift(mantissa | 0x800000, 14 - exponent);
}

function roundedShift(integer: number, shift: number): number {
  const kept = integer >>> shift;
  const rest = integer - kept * 2 ** shift;
  const half = 2 ** (shift - 1);
  return rest > half || (rest === half && kept % 2 === 1) ? kept + 1 : kept;
}

function halfValue(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 0x1f;
  const mantissa = half & 0x3ff;
  if (exponent === 31) return mantissa === 0 ? sign * Infinity : Number.NaN;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
}
