#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Real data sets and weights that may lie in a folder `shared` beside the repository. Tests that need them are
/// `.enabled(if: SharedData.isPresent, "...")` and are skipped with that message elsewhere.
public enum SharedData {
  /// The folder beside the repository.
  public static let folder = RepositoryPaths.root + "/../shared"

  /// Whether the folder is there.
  public static let isPresent: Bool = access(folder + "/mnist/t10k-images-idx3-ubyte.gz", R_OK) == 0

  /// The path of a file in the folder: `SharedData.path("weights/sample_weight.pkl")`.
  public static func path(_ name: String) -> String { folder + "/" + name }
}
