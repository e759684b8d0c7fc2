/// How the page looks: its style sheet, with colours for light and dark, narrow and wide screens, and paper.
///
/// Colours of text and ground keep a contrast of at least 4.5 to 1 in both themes, in shaded cells too.
enum ReportStyle {
  static let sheet = """
    :root {
      --page: #f5f6f8; --card: #ffffff; --ink: #1f2328; --soft: #57606a; --line: #d9dee4; --faint: #eef0f3;
      --accent: #0068a3; --right: #7dbfe8; --wrong: #f39a5f;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --page: #0b0f14; --card: #131920; --ink: #e6edf3; --soft: #9da7b3; --line: #2b333d; --faint: #1b222b;
        --accent: #6cbcf0; --right: #1d5f8f; --wrong: #a4501c;
      }
    }
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-behavior: smooth; }
    body {
      margin: 0 auto; max-width: 1120px; padding: 2rem 1.5rem 3rem; background: var(--page); color: var(--ink);
      font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif;
      font-variant-numeric: tabular-nums; overflow-wrap: anywhere;
    }
    h1 { margin: 0; font-size: 1.9rem; line-height: 1.2; letter-spacing: -0.01em; }
    h2 { margin: 0 0 0.9rem; font-size: 1.3rem; line-height: 1.3; }
    h3 { margin: 1.2rem 0 0.5rem; font-size: 1rem; }
    p { margin: 0 0 0.9rem; max-width: 48rem; }
    a { color: var(--accent); }
    figure { margin: 0; }
    .kicker, .note { color: var(--soft); }
    .kicker { margin: 0 0 0.2rem; }
    .note { font-size: 0.92rem; }
    .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    .headline { display: flex; flex-wrap: wrap; align-items: center; gap: 0.6rem 2.5rem; margin: 1.2rem 0; }
    .headline p { margin: 0; }
    .accuracy strong {
      display: block; font-size: 3.6rem; line-height: 1.05; letter-spacing: -0.03em; color: var(--accent);
      white-space: nowrap;
    }
    .accuracy span { color: var(--soft); }
    .counts { padding-left: 1.2rem; border-left: 3px solid var(--line); }
    .facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: 1px; margin: 1.2rem 0;
      background: var(--card); border: 1px solid var(--line); border-radius: 10px; overflow: hidden; }
    .facts div { padding: 0.7rem 0.9rem; box-shadow: 0 0 0 1px var(--line); }
    dt { color: var(--soft); font-size: 0.82rem; }
    dd { margin: 0; }
    .facts dd { font-size: 1.2rem; font-weight: 600; line-height: 1.35; }
    .facts small { display: block; color: var(--soft); font-size: 0.82rem; font-weight: 400; }
    .plain { display: grid; gap: 0.5rem 2rem; grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr)); margin: 1rem 0; }
    .command {
      margin: 1rem 0; padding: 0.8rem 1rem; border: 1px solid var(--line); border-radius: 10px;
      background: var(--faint); white-space: pre-wrap; user-select: all; font-size: 0.86rem; line-height: 1.5;
    }
    .command span { display: inline-block; max-width: 100%; }
    code, .command { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
    nav { display: flex; flex-wrap: wrap; gap: 0.3rem 1.1rem; margin: 1.4rem 0; font-size: 0.92rem; }
    nav a { text-decoration: none; }
    nav a:hover { text-decoration: underline; }
    section {
      margin: 1.1rem 0; padding: 1.4rem 1.5rem 1.5rem; border: 1px solid var(--line); border-radius: 12px;
      background: var(--card);
    }
    .charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(26rem, 100%), 1fr)); gap: 1.2rem 2rem; }
    .charts.small { grid-template-columns: repeat(auto-fill, minmax(min(14.4rem, 100%), 1fr)); gap: 1.2rem; }
    .chart { --chart-ground: var(--card); max-width: 29rem; }
    .columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(24rem, 100%), 1fr)); gap: 1rem 2rem;
      align-items: start; }
    .columns > * { min-width: 0; }
    .scroll { overflow-x: auto; max-width: 100%; }
    .scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
    table { border-collapse: collapse; font-size: 0.9rem; overflow-wrap: normal; position: relative; }
    th, td { padding: 0.28rem 0.7rem; text-align: right; border-bottom: 1px solid var(--line); vertical-align: top; }
    thead th { color: var(--soft); font-weight: 500; font-size: 0.82rem; vertical-align: bottom; }
    tbody th { font-weight: 600; }
    th[scope=row], .text, thead th:first-child, tfoot td:first-child { text-align: left; }
    tfoot td, tfoot th { font-weight: 600; border-bottom: 0; }
    td:not(.text) { white-space: nowrap; }
    td.text { overflow-wrap: anywhere; }
    details { margin-top: 1rem; }
    summary { cursor: pointer; color: var(--accent); }
    details > .scroll { margin-top: 0.6rem; max-height: 32rem; overflow-y: auto; }
    .matrix { margin-bottom: 1rem; border-collapse: separate; border-spacing: 2px; }
    .matrix th, .matrix td { border: 0; padding: 0.3rem 0.2rem; text-align: center; vertical-align: middle; }
    .matrix td { min-width: 2.65rem; border-radius: 4px; background: var(--faint); }
    .matrix th { min-width: 1.6rem; color: var(--ink); font-weight: 600; font-size: 0.9rem; }
    .matrix th[scope=row] { position: sticky; left: 0; padding-right: 0.5rem; text-align: right; background: var(--card); }
    .matrix .corner { position: sticky; left: 0; background: var(--card); color: var(--soft); font-size: 0.72rem; min-width: 0; }
    .matrix .none { color: var(--soft); }
    .matrix .right { background: color-mix(in srgb, var(--right) var(--share), var(--faint)); font-weight: 600; }
    .matrix .wrong { background: color-mix(in srgb, var(--wrong) var(--share), var(--faint)); }
    .matrix.many { font-size: 0.74rem; }
    .matrix.many td { min-width: 2rem; padding: 0.2rem 0.1rem; }
    .together { display: flex; flex-wrap: wrap; gap: 1rem 2rem; align-items: flex-start; }
    .together > * { max-width: 100%; }
    .pairs { display: flex; flex-wrap: wrap; gap: 0.4rem; margin: 0; padding: 0; list-style: none; font-size: 0.9rem; }
    .pairs li { padding: 0.15rem 0.7rem; border: 1px solid var(--line); border-radius: 999px; }
    .mistakes { display: grid; grid-template-columns: repeat(auto-fill, minmax(8.6rem, 1fr)); gap: 1.2rem 1rem; }
    .mistakes img, .filters img { display: block; height: auto; image-rendering: pixelated; border: 1px solid var(--line); }
    .mistakes img { width: 100%; border-radius: 6px; }
    .missing { display: block; padding: 2rem 0; color: var(--soft); text-align: center; background: var(--faint); }
    figcaption { margin-top: 0.3rem; font-size: 0.86rem; line-height: 1.35; }
    .mistakes small { display: block; color: var(--soft); }
    .filters { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr)); gap: 1.2rem 2rem; }
    .filters img { max-width: 100%; background: #fff; }
    .filters figcaption { color: var(--soft); }
    @media (max-width: 560px) {
      body { padding: 1.2rem 0.75rem 2rem; }
      section { padding: 1.1rem 0.85rem 1.2rem; }
      h1 { font-size: 1.5rem; }
      .accuracy strong { font-size: 3rem; }
      .counts { padding-left: 0.9rem; }
      .facts { grid-template-columns: repeat(2, 1fr); }
      table { font-size: 0.82rem; }
      thead th { font-size: 0.75rem; }
      th, td { padding: 0.28rem 0.38rem; }
      .matrix { border-spacing: 1px; font-size: 0.74rem; }
      .matrix th, .matrix td { padding: 0.3rem 0.05rem; }
      .matrix td { min-width: 1.75rem; }
      .matrix th { min-width: 1rem; font-size: 0.78rem; }
      .matrix .corner { font-size: 0; }
      .matrix.few { width: 100%; table-layout: fixed; font-size: 0.69rem; }
      .matrix.few td { min-width: 0; }
      .matrix.few .corner { width: 1.1rem; }
      .matrix.few th[scope=row] { padding-right: 0.2rem; }
      .mistakes { grid-template-columns: repeat(auto-fill, minmax(5.6rem, 1fr)); }
    }
    @media print {
      body { max-width: none; padding: 0; background: none; font-size: 0.85rem; }
      section { border: 0; padding: 0.5rem 0; }
      nav { display: none; }
      figure, tr, .facts, .headline { break-inside: avoid; }
      h2 { break-after: avoid; }
      .matrix td, img { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
      details::details-content { content-visibility: visible; height: auto; }
      details > .scroll { max-height: none; }
    }

    """
}
