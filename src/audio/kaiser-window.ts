// Low-pass filters by windowed sincs: J. F. Kaiser, "Nonrecursive digital filter design using the I0-sinh window function", ISCAS
// 1974.

/** Shape of a Kaiser window. @param stopbandDb How far down what is stopped is to be, > 50. */
export const kaiserBeta = (stopbandDb: number) => 0.1102 * (stopbandDb - 8.7);

/** Where it ends, in samples. @param stopbandDb See above. @param transition Width of the band before, of Nyquist's frequency. */
export function kaiserHalfWidth(stopbandDb: number, transition: number): number {
  return (stopbandDb - 7.95) / (2 * 2.285 * Math.PI * transition);
}

/**
 * A low-pass filter for a place between two samples.
 *
 * @param fraction How far that is behind the first of the two, 0..1.
 * @param filter.cutoff Share of the Nyquist frequency, 0..1; `halfWidth`, a whole number, and `beta` are the window's.
 * @returns 2 * halfWidth taps, with sum 1, as many for either side.
 */
export function lowPassTaps(
  fraction: number,
  { cutoff, halfWidth, beta }: { cutoff: number; halfWidth: number; beta: number },
): Float64Array {
  const taps = Float64Array.from({ length: 2 * halfWidth }, (_, k) => {
    const distance = k + 1 - halfWidth - fraction;
    const x = distance / halfWidth;
    return Math.abs(x) >= 1 ? 0 : sinc(cutoff * distance) * besselI0(beta * Math.sqrt(1 - x * x));
  });
  const sum = taps.reduce((total, tap) => total + tap, 0);
  return taps.map((tap) => tap / sum);
}

const sinc = (x: number) => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

/** The modified Bessel function of order zero, by its power series. @param x Any number. */
export function besselI0(x: number): number {
  let [sum, term] = [1, 1];
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
