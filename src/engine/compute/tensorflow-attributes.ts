import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads'
import * as tf from '@tensorflow/tfjs-core'

/** The names of all attributes that operations of tfjs-node 4.22 set. */
export const ATTRIBUTE_NAMES = `
  DstT Index N SrcT T TI T_threshold Taxis Tblock_shape Tcomplex Tcrops Tidx Tindices Tlen Tmultiples
  Tnumsegments Tout Tpaddings Tparams Tperm Truncate Tshape acceptable_fraction adj_x adj_y align_corners alpha
  axis batch_dims begin_mask beta bias block_size channels chroma_downsampling compression container data_format
  dct_method density_unit depth_radius dilations ellipsis_mask end_mask epsilon equation exclusive
  explicit_paddings extrapolation_value fancy_upscaling format half_pixel_centers index_type is_training
  keep_dims ksize method mode new_axis_mask num num_split optimize_size out_idx output_dtype output_type
  pad_to_max_output_size padding pattern progressive quality rates ratio replace_global reverse rewrite seed
  seed2 shared_name shrink_axis_mask sorted strides try_recover_truncated use_cudnn_on_gpu validate_indices
  x_density xmp_metadata y_density
`
  .trim()
  .split(/\s+/)

/** Under it all threads find the state of the telling, an Int32Array of one number. */
export const KEY = 'heatproof: attributes of TensorFlow'
const UNKNOWN = 0
const BEGUN = 1
export const KNOWN = 2
const NO_TYPE = -7
/** A thread that ended while it told the names does not hold up the others for longer. */
const PATIENCE_MILLISECONDS = 10_000

/** The part of tfjs-node's backend that is used here. */
interface NativeBackend {
  binding: {
    TF_ATTR_INT: number
    executeOp: (name: string, attributes: object[], inputs: number[], outputs: number) => void
  }
}

/** Lets the threads that are started from now on tell TensorFlow the names of attributes one after the other. */
export function shareAttributeNames(): void {
  if (getEnvironmentData(KEY) instanceof Int32Array) return
  setEnvironmentData(KEY, new Int32Array(new SharedArrayBuffer(4)))
}

/**
 * Tells TensorFlow's binding all names of attributes, before this thread computes anything.
 *
 * The binding keeps them in a set that all threads of the process share and that nothing guards: two workers whose
 * first operations came at the same time wrote to it together, and now and then the process crashed. Once all names
 * are in, the set is only read.
 */
export function tellAttributeNames(): void {
  const state = getEnvironmentData(KEY)
  if (!(state instanceof Int32Array)) {
    tell()
    return
  }
  if (Atomics.compareExchange(state, 0, UNKNOWN, BEGUN) !== UNKNOWN) {
    Atomics.wait(state, 0, BEGUN, PATIENCE_MILLISECONDS)
    return
  }
  try {
    tell()
  } finally {
    Atomics.store(state, 0, KNOWN)
    Atomics.notify(state, 0)
  }
}

/** An operation that the binding refuses, for its last attribute has no type; by then it has kept all names. */
function tell(): void {
  const { binding } = tf.findBackend('tensorflow') as unknown as NativeBackend
  const named = ATTRIBUTE_NAMES.map((name) => ({ name, type: binding.TF_ATTR_INT, value: 0 }))
  try {
    binding.executeOp('Identity', [...named, { name: 'T', type: NO_TYPE, value: 0 }], [], 1)
  } catch (error) {
    if (!String(error).includes('TF_AttrType')) throw error
  }
}
