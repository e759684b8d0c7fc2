/// How the tests were built.
public enum BuildKind {
  /// True in a release build (`swift test -c release -Xswiftc -enable-testing`), where the heavy numeric tests run.
  public static let isRelease: Bool = {
    #if DEBUG
      false
    #else
      true
    #endif
  }()
}
