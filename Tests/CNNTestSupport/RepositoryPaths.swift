/// Where tests find the repository and the data beside it.
public enum RepositoryPaths {
  /// The repository's root.
  public static let root: String = {
    var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    parts.removeLast(3)
    return parts.joined(separator: "/")
  }()
}
