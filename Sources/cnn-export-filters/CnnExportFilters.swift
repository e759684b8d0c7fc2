@main
struct CnnExportFilters {
  static func main() {}
}
