/** Distribution function of Student's t for whole degrees of freedom (Abramowitz and Stegun 26.7.3 and 26.7.4), t >= 0. */
function studentCdf(t: number, degrees: number): number {
  const angle = Math.atan(t / Math.sqrt(degrees))
  const cosineSquared = Math.cos(angle) ** 2
  const odd = degrees % 2 === 1
  let term = odd ? Math.cos(angle) : 1
  let sum = degrees > 1 ? term : 0
  for (let k = odd ? 3 : 2; k <= degrees - 2; k += 2) {
    term *= ((k - 1) / k) * cosineSquared
    sum += term
  }
  const central = odd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum
  return (1 + central) / 2
}

const LARGE = 1000
const NORMAL_975 = 1.959963984540054

/**
 * The 97.5 % quantile of Student's t, by which a mean's 95 % interval extends in standard errors: 12.706 for 1 degree
 * of freedom, 1.960 for many. From 1,000 on by the Cornish-Fisher expansion (Abramowitz and Stegun 26.7.5).
 *
 * @param degrees of freedom, a whole number >= 1
 */
export function studentQuantile975(degrees: number): number {
  if (degrees >= LARGE) {
    const x = NORMAL_975
    return x + (x ** 3 + x) / (4 * degrees) + (5 * x ** 5 + 16 * x ** 3 + 3 * x) / (96 * degrees ** 2)
  }
  let low = 0
  let high = 13
  for (let halving = 0; halving < 60; halving += 1) {
    const middle = (low + high) / 2
    if (studentCdf(middle, degrees) < 0.975) low = middle
    else high = middle
  }
  return (low + high) / 2
}
