extension String {
  /// Whether both have the same UTF-8 bytes.
  ///
  /// For strings from files, in place of `==`: Swift compares (and hashes) strings as Unicode sees them, and a letter
  /// with a million accents takes it hours, since the accents must be sorted.
  package func isExactly(_ other: String) -> Bool {
    utf8.elementsEqual(other.utf8)
  }
}
