import CKernels

extension InferenceSession {
  /// A session of the same plan for one thread, with working memory of its own: for work that is shared out among
  /// threads already, such as reading a picture, preparing it and running it.
  ///
  /// It gives the same bits. Sessions made so run at the same time as this one and as each other.
  public func forOneThread() -> InferenceSession {
    InferenceSession(plan: plan, pool: WorkerPool(threadCount: 1))
  }
}

extension WorkerPool {
  /// `run(_:_:)` for work in which denormal numbers count: they are kept as they are on the calling thread.
  ///
  /// Sessions that the work runs flush them for themselves.
  public func runKeepingDenormals(_ count: Int, _ body: (_ piece: Int, _ worker: Int) -> Void) {
    let kept = cnn_denormals_flush()
    cnn_denormals_restore(kept)
    run(count) { piece, worker in
      let flushed = cnn_denormals_flush()
      cnn_denormals_restore(kept)
      body(piece, worker)
      cnn_denormals_restore(flushed)
    }
  }
}
