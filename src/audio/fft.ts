// Fourier transform of real samples: an N-point real transform is an N/2-point complex one (even samples as real,
// odd ones as imaginary parts) and one pass that takes the two apart. The complex transform is Stockham's radix-4,
// which needs no bit reversal (Van Loan, Computational Frameworks for the Fast Fourier Transform, 1992, 1.7 and 4.3).
//
// Own code because `fft.js`, the usual library, has neither types nor an inverse for real samples: its full complex one
// made it take about twice as long there and back for 8192 and 16384 samples, as long for 4096.

/** Transforms of one size. Its buffers are its own and reused, so one instance serves one caller at a time. */
export type RealFft = {
  /** Number of real samples, a power of two. */
  readonly size: number;
  /**
   * Spectrum of real samples, not scaled.
   *
   * @param samples At most `size` of them; the rest counts as zero.
   * @param spectrum Filled: size / 2 + 1 bins as [real, imaginary] pairs, so at least size + 2 numbers long.
   */
  forwardInto(samples: Float32Array, spectrum: Float32Array): void;
  /**
   * Samples of a spectrum, scaled so that it undoes `forwardInto`.
   *
   * @param spectrum size / 2 + 1 bins as [real, imaginary] pairs; the imaginary parts of the first and last are not read.
   * @param samples Filled with as many as it holds, at most `size`.
   */
  inverseInto(spectrum: Float32Array, samples: Float32Array): void;
};

/**
 * Makes the transform of one size.
 *
 * @param size Number of real samples, a power of two, at least 8.
 */
export function createRealFft(size: number): RealFft {
  const half = size / 2;
  const twiddles = rootsOfUnity(size);
  const work = [new Float64Array(size), new Float64Array(size)] as const;
  const transform = (): Float64Array => transformComplex(work[0], work[1], twiddles);
  return {
    size,
    forwardInto(samples, spectrum) {
      const input = work[0];
      const given = Math.min(samples.length, size);
      for (let i = 0; i < given; i++) input[i] = samples[i]!;
      input.fill(0, given);
      separateInto(transform(), twiddles, half, spectrum);
    },
    inverseInto(spectrum, samples) {
      mergeInto(spectrum, twiddles, half, work[0]);
      const result = transform();
      const wanted = Math.min(samples.length, size);
      for (let i = 0; i < wanted; i += 2) samples[i] = result[i]!;
      for (let i = 1; i < wanted; i += 2) samples[i] = -result[i]!;
    },
  };
}

/** exp(-2 pi i k / size) for k below size, as pairs. */
function rootsOfUnity(size: number): Float64Array {
  const roots = new Float64Array(2 * size);
  for (let k = 0; k < size; k++) {
    roots[2 * k] = Math.cos((2 * Math.PI * k) / size);
    roots[2 * k + 1] = -Math.sin((2 * Math.PI * k) / size);
  }
  return roots;
}

/** Complex transform of `source`; both buffers are overwritten, the one returned holds the result in order. */
function transformComplex(source: Float64Array, spare: Float64Array, roots: Float64Array): Float64Array {
  let [from, to] = [source, spare];
  let length = source.length / 2;
  let stride = 1;
  for (; length >= 4; length /= 4, stride *= 4) {
    passRadix4(from, to, length, stride, roots);
    [from, to] = [to, from];
  }
  if (length === 1) return from;
  passRadix2(from, to, stride);
  return to;
}

function passRadix4(
  from: Float64Array,
  to: Float64Array,
  length: number,
  stride: number,
  roots: Float64Array,
): void {
  const hop = from.length / 4;
  const outHop = 2 * stride;
  const rootStep = roots.length / length;
  for (let p = 0; p < length / 4; p++) {
    const c1 = roots[p * rootStep]!;
    const s1 = roots[p * rootStep + 1]!;
    const c2 = roots[2 * p * rootStep]!;
    const s2 = roots[2 * p * rootStep + 1]!;
    const c3 = roots[3 * p * rootStep]!;
    const s3 = roots[3 * p * rootStep + 1]!;
    const start = outHop * p;
    for (let i = start, o = 4 * start; i < start + outHop; i += 2, o += 2) {
      const sumR = from[i]! + from[i + 2 * hop]!;
      const sumI = from[i + 1]! + from[i + 2 * hop + 1]!;
      const awayR = from[i]! - from[i + 2 * hop]!;
      const awayI = from[i + 1]! - from[i + 2 * hop + 1]!;
      const oddR = from[i + hop]! + from[i + 3 * hop]!;
      const oddI = from[i + hop + 1]! + from[i + 3 * hop + 1]!;
      const turnedR = from[i + 3 * hop + 1]! - from[i + hop + 1]!;
      const turnedI = from[i + hop]! - from[i + 3 * hop]!;
      to[o] = sumR + oddR;
      to[o + 1] = sumI + oddI;
      to[o + outHop] = (awayR - turnedR) * c1 - (awayI - turnedI) * s1;
      to[o + outHop + 1] = (awayR - turnedR) * s1 + (awayI - turnedI) * c1;
      to[o + 2 * outHop] = (sumR - oddR) * c2 - (sumI - oddI) * s2;
      to[o + 2 * outHop + 1] = (sumR - oddR) * s2 + (sumI - oddI) * c2;
      to[o + 3 * outHop] = (awayR + turnedR) * c3 - (awayI + turnedI) * s3;
      to[o + 3 * outHop + 1] = (awayR + turnedR) * s3 + (awayI + turnedI) * c3;
    }
  }
}

function passRadix2(from: Float64Array, to: Float64Array, stride: number): void {
  const hop = 2 * stride;
  for (let i = 0; i < hop; i++) {
    const a = from[i]!;
    const b = from[i + hop]!;
    to[i] = a + b;
    to[i + hop] = a - b;
  }
}

/** From the transform of (even + i odd) samples to the spectrum of the samples. */
function separateInto(packed: Float64Array, roots: Float64Array, half: number, spectrum: Float32Array): void {
  for (let k = 0; k <= half; k++) {
    const a = k === half ? 0 : 2 * k;
    const b = k === 0 ? 0 : 2 * (half - k);
    const oddR = packed[a + 1]! + packed[b + 1]!;
    const oddI = packed[b]! - packed[a]!;
    const c = roots[2 * k]!;
    const s = roots[2 * k + 1]!;
    spectrum[2 * k] = 0.5 * (packed[a]! + packed[b]! + oddR * c - oddI * s);
    spectrum[2 * k + 1] = 0.5 * (packed[a + 1]! - packed[b + 1]! + oddR * s + oddI * c);
  }
}

/** The reverse of `separateInto`, conjugated and scaled so that a forward transform then gives the samples. */
function mergeInto(spectrum: Float32Array, roots: Float64Array, half: number, packed: Float64Array): void {
  const scale = 0.5 / half;
  packed[0] = scale * (spectrum[0]! + spectrum[2 * half]!);
  packed[1] = -scale * (spectrum[0]! - spectrum[2 * half]!);
  for (let k = 1; k < half; k++) {
    const a = 2 * k;
    const b = 2 * (half - k);
    const differenceR = spectrum[a]! - spectrum[b]!;
    const differenceI = spectrum[a + 1]! + spectrum[b + 1]!;
    const c = roots[a]!;
    const s = -roots[a + 1]!;
    packed[a] = scale * (spectrum[a]! + spectrum[b]! - differenceR * s - differenceI * c);
    packed[a + 1] = -scale * (spectrum[a + 1]! - spectrum[b + 1]! + differenceR * c - differenceI * s);
  }
}
