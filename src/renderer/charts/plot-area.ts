/** Where the plot lies in its box, in CSS pixels, and the range of its x axis. */
export interface PlotArea {
  left: number
  right: number
  top: number
  bottom: number
  min: number
  max: number
}
