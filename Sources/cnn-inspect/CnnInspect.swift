@main
struct CnnInspect {
  static func main() {}
}
