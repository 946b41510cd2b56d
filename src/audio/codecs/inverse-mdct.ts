/** The inverse of a modified discrete cosine transform, with buffers of its own. */
export class InverseMdct {
  readonly #length: number;
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;
  readonly #order: Uint16Array;
  readonly #re: Float64Array;
  readonly #im: Float64Array;
  readonly #unitCos: Float64Array;
  readonly #unitSin: Float64Array;

  /** @param length N of the transform, in samples: a power of two, >= 16. */
  constructor(length: number) {
    const quarter = length / 4;
    const angle = (k: number) => (2 * Math.PI * (k + 1 / 8)) / length;
    this.#length = length;
    this.#cos = Float64Array.from({ length: quarter }, (_, k) => Math.cos(angle(k)));
    this.#sin = Float64Array.from({ length: quarter }, (_, k) => Math.sin(angle(k)));
    this.#order = bitReversal(quarter);
    this.#re = new Float64Array(quarter);
    this.#im = new Float64Array(quarter);
    this.#unitCos = Float64Array.from({ length: quarter / 2 }, (_, k) =>
      Math.cos((2 * Math.PI * k) / quarter),
    );
    this.#unitSin = Float64Array.from({ length: quarter / 2 }, (_, k) =>
      Math.sin((2 * Math.PI * k) / quarter),
    );
  }

  /**
   * x[n] = 2/N sum over k of X[k] cos(2 pi / N (n + (N/2 + 1) / 2) (k + 1/2)).
   *
   * @param spectrum N / 2 values.
   * @returns N samples.
   */
  transform(spectrum: Float32Array): Float32Array {
    this.#turnIn(spectrum);
    this.#fourier();
    return this.#turnOut();
  }

  #turnIn(spectrum: Float32Array): void {
    const half = this.#length / 2;
    for (let k = 0; k < half / 2; k++) {
      const [even, odd] = [spectrum[2 * k]!, spectrum[half - 1 - 2 * k]!];
      const [cos, sin] = [this.#cos[k]!, this.#sin[k]!];
      const to = this.#order[k]!;
      this.#re[to] = odd * cos - even * sin;
      this.#im[to] = even * cos + odd * sin;
    }
  }

  // In place, of values in the order of reversed bits; exponent +i.
  #fourier(): void {
    const [re, im, n] = [this.#re, this.#im, this.#re.length];
    for (let size = 2; size <= n; size *= 2) {
      const [half, step] = [size / 2, n / size];
      for (let start = 0; start < n; start += size) {
        for (let k = 0; k < half; k++) {
          const cos = this.#unitCos[k * step]!;
          const sin = this.#unitSin[k * step]!;
          const [a, b] = [start + k, start + k + half];
          const turnedRe = re[b]! * cos - im[b]! * sin;
          const turnedIm = re[b]! * sin + im[b]! * cos;
          re[b] = re[a]! - turnedRe;
          im[b] = im[a]! - turnedIm;
          re[a]! += turnedRe;
          im[a]! += turnedIm;
        }
      }
    }
  }

  #turnOut(): Float32Array {
    const [n, quarter, eighth] = [this.#length, this.#length / 4, this.#length / 8];
    const [re, im] = [this.#re, this.#im];
    const scale = 2 / n;
    for (let k = 0; k < quarter; k++) {
      const [cos, sin] = [this.#cos[k]! * scale, this.#sin[k]! * scale];
      const real = re[k]!;
      re[k] = real * cos - im[k]! * sin;
      im[k] = im[k]! * cos + real * sin;
    }
    const out = new Float32Array(n);
    for (let k = 0; k < eighth; k++) {
      out[2 * k] = im[eighth + k]!;
      out[2 * k + 1] = -re[eighth - 1 - k]!;
      out[quarter + 2 * k] = re[k]!;
      out[quarter + 2 * k + 1] = -im[quarter - 1 - k]!;
      out[2 * quarter + 2 * k] = re[eighth + k]!;
      out[2 * quarter + 2 * k + 1] = -im[eighth - 1 - k]!;
      out[3 * quarter + 2 * k] = -im[k]!;
      out[3 * quarter + 2 * k + 1] = re[quarter - 1 - k]!;
    }
    return out;
  }
}

function bitReversal(length: number): Uint16Array {
  const nBits = Math.log2(length);
  return Uint16Array.from({ length }, (_, i) => {
    let reversed = 0;
    for (let bit = 0; bit < nBits; bit++) reversed = (reversed << 1) | ((i >> bit) & 1);
    return reversed;
  });
}
