import { ADEBAYO, CHORMAI, HEATPROOF, type Term } from './term.ts'

const RAW: Omit<Term, 'kind'>[] = [
  {
    name: 'share',
    title: 'Share of an item',
    sentence: 'The part of a map’s relevance that lies on one item; the shares of all items add up to 1.',
    formula: 's_b = R_b / sum R,  R_b = sum of the map over item b   (all 0 when the total is 0)',
    source: CHORMAI,
  },
  {
    name: 'mark',
    title: 'Majority mark',
    sentence:
      'Says of each item whether it belongs to the class that more than half of the items have, which is the label of the sequence.',
    formula: 'm_b = 1 for an item of the majority class, else 0',
    source: CHORMAI,
  },
  {
    name: 'uniform',
    title: 'Uniform baseline',
    sentence:
      'The metric of a map that is the same in every pixel: a method below it explains less than nothing at all.',
    formula: 'percentage 2/3, capped percentage 2/3, cosine 0.816, dominance 1/2   (3 items)',
    source: HEATPROOF,
  },
  {
    name: 'random_baseline',
    title: 'Random baseline',
    sentence: 'The mean of the metric over seeded random maps of the same sequences.',
    formula: null,
    source: HEATPROOF,
  },
  {
    name: 'conservation',
    title: 'Conservation',
    sentence:
      'Whether the map adds up to the relevance that it started with, as deep Taylor and floored alpha-beta maps must.',
    formula: '|sum R − R_start| / R_start: fine up to 1e-5, a warning above, an error above 1e-4',
    source: 'S. Bach et al., PLoS ONE 10(7), 2015, eq. 2',
  },
  {
    name: 'out_of_range',
    title: 'Out of range',
    sentence:
      'A share metric outside [0, 1], which negative relevance can cause; the value is kept, counted in every summary, and never clipped.',
    formula: null,
    source: HEATPROOF,
  },
  {
    name: 'undefined',
    title: 'Undefined',
    sentence:
      'The metric has no value for this map, for example dominance without any positive share on a majority item; such maps are counted, not averaged.',
    formula: null,
    source: HEATPROOF,
  },
  {
    name: 'no_evidence',
    title: 'No evidence',
    sentence:
      'The explained logit is not positive, so a method that hands relevance back has nothing to hand back and its map is all zero; this is no error.',
    formula: 'R_start = relu(f) = 0',
    source: HEATPROOF,
  },
  {
    name: 'not_conserved',
    title: 'Not conserved',
    sentence:
      'The map does not add up to the relevance that it started with, because of its option (plain weights) or beyond rounding.',
    formula: '|sum R − R_start| / R_start > 1e-4',
    source: HEATPROOF,
  },
  {
    name: 'warning',
    title: 'Conservation warning',
    sentence: 'The sum of the map is off by more than rounding explains, but by less than an error.',
    formula: '1e-5 < |sum R − R_start| / R_start ≤ 1e-4',
    source: HEATPROOF,
  },
  {
    name: 'accept',
    title: 'Accept',
    sentence: 'The reviewer finds that the heatmap shows the evidence for the explained class.',
    formula: null,
    source: HEATPROOF,
  },
  {
    name: 'fail',
    title: 'Fail',
    sentence: 'The reviewer finds the heatmap wrong, in one or more failure modes.',
    formula: null,
    source: HEATPROOF,
  },
  {
    name: 'unsure',
    title: 'Unsure',
    sentence: 'The reviewer cannot tell; the verdict is kept and counted, but no fit uses it.',
    formula: null,
    source: HEATPROOF,
  },
  {
    name: 'group_of_maps',
    title: 'Group of similar maps',
    sentence:
      'Maps of a queue that are near each other by k-means: by the share of the relevance on each item, held between −1 and 2 and told apart by whether it is a majority item, and by where the absolute relevance lies, in 4 × 12 blocks. Of more than 10,000 maps, 10,000 drawn at random decide where the groups lie, and every map goes to the nearest.',
    formula: 's·m and s·(1 − m) by item; √(Σ|R| in the block / Σ|R|) by block',
    source:
      'D. Arthur, S. Vassilvitskii, k-means++, SODA 2007; S. Lapuschkin et al., Nature Communications 10, 2019',
  },
  {
    name: 'mean_map',
    title: 'Mean map',
    sentence:
      'The mean of the maps of a group after each is divided by the sum of its absolute values, so that no map outweighs the others; of more than 500 maps, the mean of 500 drawn at random.',
    formula: 'mean of R / Σ|R|',
    source: HEATPROOF,
  },
  {
    name: 'group_verdict',
    title: 'Verdict on a group',
    sentence:
      'A verdict on all undecided maps of a group after a look at a few drawn at random; it is marked as such in the history and in exports, and a fit leaves it out unless you ask for it, since most of its maps were never looked at.',
    formula: null,
    source: HEATPROOF,
  },
  {
    name: 'sanity_check',
    title: 'Sanity check',
    sentence:
      'Whether maps change when the model does: its layers get fresh weights one after the other, or another model takes its place, e.g. one that learned random labels.',
    formula: 'likeness of R(model) and R(changed model), by stage',
    source: ADEBAYO,
  },
  {
    name: 'audited_set',
    title: 'Audited set',
    sentence:
      'Heatmaps with their verdicts, scores and inputs in a folder or zip whose manifest holds a SHA-256 of every file, so that anybody can check it.',
    formula: null,
    source: HEATPROOF,
  },
]

export const CONCEPT_TERMS: Term[] = RAW.map((term) => ({ ...term, kind: 'concept' }))
