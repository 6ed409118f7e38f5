/// The page's style sheet: light or dark as the reader's system is.
enum PageStyle {
  static let markup = Markup.style(
    """
    :root{color-scheme:light dark;--back:#fff;--panel:#f6f8fa;--text:#1f2328;--dim:#59636e;\
    --line:#d1d9e0;--link:#0550ae;--good:#116329;--good-back:#dafbe1;--bad:#a40e26;\
    --bad-back:#ffebe9;--open:#7d4e00;--open-back:#fff8c5;--run:#bc4c00;--run-back:#fff1e5}
    @media (prefers-color-scheme:dark){:root{--back:#0d1117;--panel:#151b23;--text:#e6edf3;\
    --dim:#9198a1;--line:#3d444d;--link:#79c0ff;--good:#56d364;--good-back:#12261e;--bad:#ff8e86;\
    --bad-back:#2d1517;--open:#e3b341;--open-back:#272115;--run:#f0883e;--run-back:#241c14}}
    *{box-sizing:border-box}
    body{margin:0 auto;max-width:74rem;padding:2rem clamp(1rem,4vw,2.5rem) 4rem;\
    background:var(--back);color:var(--text);font:15px/1.5 system-ui,sans-serif}
    h1,h2,h3{line-height:1.25;margin:0}
    h1{font-size:1.6rem}
    h2{font-size:1.2rem;margin:0 0 .8rem;overflow-wrap:anywhere}
    h3{font-size:.95rem;margin:1.4rem 0 .5rem}
    a{color:var(--link)}
    p{margin:.4rem 0}
    .subtitle,.legend,caption{color:var(--dim);font-size:.87rem;overflow-wrap:anywhere}
    .counts{display:flex;flex-wrap:wrap;gap:.5rem;list-style:none;margin:1rem 0;padding:0}
    .counts li{border:1px solid;border-radius:.5rem;padding:.3rem .8rem}
    .counts b{font-size:1.15rem}
    .good{color:var(--good);background:var(--good-back)}
    .bad{color:var(--bad);background:var(--bad-back)}
    .open{color:var(--open);background:var(--open-back)}
    .badge{border-radius:1rem;font-size:.8rem;font-weight:600;padding:.12rem .6rem;\
    white-space:nowrap}
    main>section{border-top:1px solid var(--line);margin-top:2rem;padding-top:1.6rem}
    .wide{overflow-x:auto}
    .wide:focus-visible,a:focus-visible,summary:focus-visible{outline:2px solid var(--link);\
    outline-offset:2px}
    table{border-collapse:collapse;font-size:.87rem;min-width:100%}
    caption{text-align:left;position:absolute;width:1px;height:1px;overflow:hidden;\
    clip-path:inset(50%);white-space:nowrap}
    th,td{border-bottom:1px solid var(--line);padding:.3rem .9rem .3rem 0;text-align:left;\
    vertical-align:top}
    thead th{color:var(--dim);font-weight:500;white-space:nowrap}
    .obligations thead th:nth-child(n+5),.overview thead th:last-child,.states thead th:first-child{text-align:right}
    .obligations td:nth-child(2){min-width:14rem}
    tbody th{font-weight:500}
    th:last-child,td:last-child{padding-right:0}
    .number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
    .overview td:nth-child(n+3){color:var(--dim)}
    .overview th,.overview td{overflow-wrap:anywhere}
    .overview tbody th,.overview td:nth-child(n+3):not(:last-child){min-width:11rem}
    .status{white-space:nowrap;background:none}
    .status.proved{color:var(--good)}
    .status.refuted{color:var(--bad);font-weight:600}
    .status.inconclusive{color:var(--open);font-weight:600}
    .status.undecided{color:var(--dim)}
    dl{display:grid;gap:.15rem 1.5rem;grid-template-columns:repeat(auto-fill,minmax(18rem,1fr));\
    margin:0}
    dl div{display:flex;gap:.6rem;align-items:baseline}
    dl div:first-child{grid-column:1/-1}
    dt{color:var(--dim);font-size:.87rem;flex:none}
    dd{margin:0;overflow-wrap:anywhere}
    .message{overflow-wrap:anywhere}
    .values{display:grid;gap:.8rem;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr))}
    figure{background:var(--panel);border-radius:.5rem;margin:0;min-width:0;padding:.6rem .8rem}
    figcaption{color:var(--dim);font-size:.87rem}
    pre{margin:.2rem 0 0;overflow-wrap:anywhere;white-space:pre-wrap}
    pre,code,.code,.changes,.listing,.states,svg text{font:12.5px/1.55 ui-monospace,SFMono-Regular,\
    Menlo,Consolas,"DejaVu Sans Mono",monospace}
    summary{cursor:pointer;margin:1.4rem 0 .5rem}
    summary h3{display:inline}
    .states td,.listing td{white-space:nowrap}
    .states td.changes{white-space:normal;min-width:16rem}
    .change{display:inline-block;margin-right:1rem;overflow-wrap:anywhere}
    .change b{font-weight:600}
    .change s{color:var(--dim);text-decoration:none}
    .states th,.states td,.listing td{padding-bottom:.1rem;padding-top:.1rem}
    .states tbody th{color:var(--dim);text-align:right}
    .listing td{border:0}
    .listing td:nth-child(-n+2){color:var(--dim)}
    .listing td:last-child{width:100%}
    .listing .source td{border-top:1px solid var(--line);padding-top:.3rem;white-space:pre}
    .listing .source b{color:var(--dim);font-weight:500;margin-right:1.2rem}
    .listing .source code{color:var(--text)}
    tr.run td{background:var(--run-back)}
    tr.wrong td,tr.wrong th{background:var(--bad-back);color:var(--bad)}
    tr:target td{outline:1px solid var(--link)}
    tr.gap td{color:var(--dim);text-align:center}
    svg{display:block;margin:.3rem 0}
    svg text{fill:var(--text);font-size:12px;white-space:pre}
    svg .block rect{fill:var(--panel);stroke:var(--line)}
    svg .block.run rect{fill:var(--run-back);stroke:var(--run);stroke-width:1.5}
    svg text.wrong{fill:var(--bad);font-weight:700}
    svg .edge{fill:none;stroke:var(--dim);stroke-width:1.2}
    svg .edge.call{stroke-dasharray:5 3}
    svg .edge.run{stroke:var(--run);stroke-width:2.4}
    svg .head{fill:var(--dim);stroke:none}
    svg .head.run{fill:var(--run);stroke:none}
    svg text.label{fill:var(--dim);font-size:11px;paint-order:stroke;stroke:var(--back);\
    stroke-width:4px}
    svg text.label.run{fill:var(--run);font-weight:600}
    @media print{body{max-width:none}.wide{overflow:visible}}

    """)
}
