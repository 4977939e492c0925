import type { ChartConfiguration } from 'chart.js'
import { groupStyle } from '../../../charts/group-style.ts'
import { axis, baseOptions } from '../../../charts/options.ts'
import type { PlacedMaps } from '../../../shared/contract/groups.ts'
import { plural } from '../../../shared/units.ts'
import type { Colours } from '../../charts/colours.ts'

interface GroupPlaces {
  points: PlacedMaps['points']
  /** What each group is called, and how many maps it has. */
  groups: readonly { title: string; size: number }[]
  open: (group: number) => void
}

/** Maps at their places, each group with a colour and marker of its own; a click on a point opens its group. */
export function groupPlacesChart(
  { points, groups, open }: GroupPlaces,
  colours: Colours,
): ChartConfiguration {
  const base = baseOptions(colours)
  const own = Map.groupBy(points, ({ group }) => group)
  return {
    type: 'line',
    data: {
      datasets: groups.map(({ title }, group) => {
        const { colour, marker } = groupStyle(group)
        return {
          ...{ label: title, data: own.get(group) ?? [], showLine: false, pointStyle: marker },
          ...{ borderColor: colours(colour), backgroundColor: colours(colour) },
          ...{ pointRadius: 3.5, pointHoverRadius: 6, pointHitRadius: 4, borderWidth: 1.2 },
        }
      }),
    },
    options: {
      ...base,
      interaction: { mode: 'nearest', intersect: true },
      scales: {
        x: { ...axis(colours, 'dimension 1'), grace: '4%' },
        y: { ...axis(colours, 'dimension 2'), grace: '4%' },
      },
      onClick: (_, [hit]) => {
        if (hit !== undefined) open(hit.datasetIndex)
      },
      onHover: ({ native }, [hit]) => {
        const target = native?.target
        if (target instanceof HTMLElement) target.style.cursor = hit === undefined ? '' : 'pointer'
      },
      plugins: {
        ...base.plugins,
        tooltip: {
          ...base.plugins?.tooltip,
          callbacks: {
            title: () => '',
            label: ({ datasetIndex }) => {
              const { title = '', size = 0 } = groups[datasetIndex] ?? {}
              return `${title}, ${plural(size, 'map')}`
            },
          },
        },
      },
    },
  }
}
