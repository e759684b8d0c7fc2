// swift-tools-version: 6.1
import PackageDescription

/// Arrows point down only: a target imports what its `dependencies` name and nothing else.
/// docs/architecture.md says what each one holds.

let swiftSettings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

func executable(_ name: String) -> Target {
  .executableTarget(
    name: name,
    dependencies: [
      "CNNToolSupport", .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ],
    swiftSettings: swiftSettings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
  .testTarget(
    name: name, dependencies: dependencies + ["CNNTestSupport"], resources: resources,
    swiftSettings: swiftSettings)
}

let libraries = [
  "CNNFiles", "CNNCodecs", "CNNModelFile", "CNNEngine", "CNNPictures", "CNNInterchange", "CNNRecognition",
  "CNNInsight",
]

let tools = ["mnist-convert", "cnn-train", "cnn-infer", "cnn-export-filters", "cnn-inspect"]

let package = Package(
  name: "cnn-toolchain",
  platforms: [.macOS(.v15)],
  products: libraries.map { .library(name: $0, targets: [$0]) }
    + tools.map { .executable(name: $0, targets: [$0]) },
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
  ],
  targets: [
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .target(name: "CPNG", linkerSettings: [.linkedLibrary("png")]),
    .target(name: "CHeap"),
    .target(name: "CBuiltInModel", exclude: ["digits.safetensors", "digits.json"]),
    .target(name: "CKernels", cSettings: [.define("NDEBUG")]),

    library("CNNFiles", []),
    library("CNNCodecs", ["CZlib", "CPNG", "CNNFiles"]),
    library("CNNModelFile", ["CNNFiles", "CNNCodecs"]),
    library("CNNEngine", ["CNNModelFile", "CNNCodecs", "CKernels"]),
    library("CNNPictures", ["CNNCodecs"]),
    library("CNNInterchange", ["CNNFiles", "CNNCodecs", "CNNModelFile"]),
    library(
      "CNNRecognition",
      ["CBuiltInModel", "CNNFiles", "CNNCodecs", "CNNModelFile", "CNNEngine", "CNNPictures"]),
    library("CNNInsight", ["CNNCodecs", "CNNModelFile", "CNNEngine", "CNNPictures"]),
    library(
      "CNNToolSupport",
      [
        "CHeap", "CNNFiles", "CNNCodecs", "CNNModelFile", "CNNEngine", "CNNPictures", "CNNInterchange",
        "CNNRecognition", "CNNInsight", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
  ] + tools.map(executable) + [
    .target(name: "CBenchmark", path: "Benchmarks/CBenchmark"),
    .executableTarget(
      name: "cnn-benchmark",
      dependencies: [
        "CBenchmark", "CNNCodecs", "CNNModelFile", "CNNEngine", "CNNPictures", "CNNInterchange",
        "CNNToolSupport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Benchmarks/Measure", swiftSettings: swiftSettings),
    .target(
      name: "CNNTestSupport", dependencies: ["CNNFiles", "CNNCodecs", "CNNInterchange", "CNNModelFile"],
      path: "Tests/CNNTestSupport",
      swiftSettings: swiftSettings),
    tests("CNNFilesTests", ["CNNFiles"]),
    tests("CNNCodecsTests", ["CNNCodecs"], resources: [.copy("Fixtures")]),
    tests("CNNModelFileTests", ["CNNModelFile", "CNNFiles", "CNNCodecs"]),
    tests(
      "CNNEngineTests", ["CNNEngine", "CNNInterchange", "CNNModelFile", "CNNCodecs", "CNNFiles"],
      resources: [.copy("Fixtures")]),
    tests("CNNPicturesTests", ["CNNPictures", "CNNCodecs"]),
    tests(
      "CNNInterchangeTests", ["CNNInterchange", "CNNModelFile", "CNNCodecs", "CNNFiles"],
      resources: [.copy("Fixtures")]),
    tests(
      "CNNInsightTests",
      [
        "CNNInsight", "CNNRecognition", "CNNPictures", "CNNEngine", "CNNModelFile", "CNNInterchange",
        "CNNCodecs",
      ],
      resources: [.copy("Fixtures")]),
    tests(
      "CNNRecognitionTests",
      ["CNNRecognition", "CNNEngine", "CNNModelFile", "CNNInterchange", "CNNCodecs"]),
    tests(
      "ToolTests", ["CNNFiles", "CNNCodecs", "CNNModelFile"] + tools.map { .target(name: $0) },
      resources: [.copy("Fixtures")]),
  ]
)
