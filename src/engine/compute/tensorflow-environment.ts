// TensorFlow reads these from the process when it is loaded; a worker's own `process.env` is only a copy.

/** Threads of its own would compete with the other workers. */
export function useOneThreadAWorker(): void {
  process.env['TF_NUM_INTRAOP_THREADS'] ??= '1'
}

/** Leaves out what TensorFlow says of itself; errors are still printed. */
export function quietTensorFlow(): void {
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2'
}
