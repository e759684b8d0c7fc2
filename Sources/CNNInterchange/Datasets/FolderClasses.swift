import CNNFiles

/// Which class a folder's name is: folders say names, and other files numbers.
struct FolderClasses {
  /// The names of the classes, in order; nil where there are no folders, or the folders' names are the numbers that
  /// other files have.
  let names: [String]?
  /// That the folders' labels got other names, in a few words; nil where they kept theirs.
  let renaming: String?
  private let places: [String: Int]

  /// Settles the classes of all folders together.
  ///
  /// - Parameters:
  ///   - labels: the names that the user gives the classes. If there are as many as the folders have and none is one
  ///     of theirs, they are new names for the folders' labels, in the order of these.
  ///   - others: the names of the classes in other data, which the folders' labels have to be among.
  ///   - hasNumbers: whether there are other data whose labels are numbers.
  /// - Throws: `InterchangeError.unknownLabelName`.
  init(
    _ folders: [(path: String, pictures: LabelledPictures)], labels: [String]?, others: [String]?,
    hasNumbers: Bool
  )
    throws(InterchangeError)
  {
    let all = Array(Set(folders.flatMap(\.pictures.names)))
    let found = NaturalOrder.order(of: all).map { all[$0] }
    var places: [String: Int] = [:]
    var renaming: String?
    if let given = labels ?? others {
      for (index, name) in given.enumerated() { places[name] = index }
      if let unknown = found.first(where: { places[$0] == nil }) {
        // One name in common, and the others are more likely slips than new names.
        guard labels != nil, found.count == given.count, found.allSatisfy({ places[$0] == nil }) else {
          let folder = folders.first { $0.pictures.names.contains(unknown) }
          throw .unknownLabelName(folder: folder?.path ?? "", name: unknown, names: given)
        }
        places = [:]
        for (index, name) in found.enumerated() { places[name] = index }
        let shown = zip(found, given).prefix(12).map { "\($0) to \($1)" }.joined(separator: ", ")
        renaming = "renamed \(shown)" + (found.count > 12 ? " and \(found.count - 12) more" : "")
      }
      names = given
    } else {
      let numbers = found.compactMap { name in Int(name).flatMap { String($0) == name && $0 >= 0 ? $0 : nil }
      }
      let areNumbers = hasNumbers && numbers.count == found.count
      for (index, name) in found.enumerated() { places[name] = areNumbers ? numbers[index] : index }
      names = found.isEmpty || areNumbers ? nil : found
    }
    self.places = places
    self.renaming = renaming
  }

  /// The number of each label in the order of the folder's names.
  func numbers(of pictures: LabelledPictures) -> [Int] { pictures.names.map { places[$0] ?? 0 } }
}
