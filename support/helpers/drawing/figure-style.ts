/**
 * The style sheet of every figure. It comes with each, since an output stands by itself: in JupyterLab, on a page, in another
 * editor. Where it is taken away, the picture, its caption and its table are left.
 *
 * Pictures are drawn on a white card. In the dark, as JupyterLab, VS Code or the system have it, they are turned: the lightness
 * changes, the colours stay.
 */
export const FIGURE_STYLE: string = `
.run-figure{container-type:inline-size;margin:.5em 0;max-width:100%}
.run-figure .scroll{overflow-x:auto;max-width:100%}
.run-figure .picture{position:relative;width:720px}
.run-figure img{display:block;width:720px;max-width:none;margin:0}
.run-figure .rows{display:grid!important}
.run-figure .rows label{display:contents}
.run-figure .rows input{appearance:none;position:absolute;left:0;width:720px;margin:0;border:0;background:none;cursor:pointer}
.run-figure .rows .none input{top:0;height:100%;cursor:default}
.run-figure .rows input:focus-visible{outline:2px solid #2f6db0;outline-offset:-2px}
.run-figure .rows svg{position:absolute;top:0;left:0;width:720px;pointer-events:none;display:none}
.run-figure .rows span{grid-area:1/1;justify-self:start;position:sticky;left:0;box-sizing:border-box;max-width:min(720px,100cqw);opacity:0;pointer-events:none;padding:2px 8px;border-left:3px solid #2f6db0;font-size:.875em;line-height:1.4}
.run-figure .rows:not(:has(label:hover)) :checked~svg,.run-figure .rows label:not(.none):hover svg{display:block}
.run-figure .rows:not(:has(label:hover)) :checked~span,.run-figure .rows label:hover span{opacity:1}
.run-figure .veil{fill:#fff;fill-opacity:.72}
.run-figure .halo{fill:none;stroke:#fff;stroke-width:5}
.run-figure .broken{fill:none;stroke:#5b3a8c;stroke-width:2;stroke-dasharray:4 3}
.run-figure .whole{fill:none;stroke:#1f7a3d;stroke-width:2}
.run-figure .sideways{display:none}
@container (max-width:719px){.run-figure .sideways{display:block}}
@media print{.run-figure .rows{display:none!important}.run-figure .picture,.run-figure img{width:100%}}
:is([data-jp-theme-light=false],.vscode-dark) .run-figure :is(img,svg){filter:invert(.9) hue-rotate(180deg)}
@media (prefers-color-scheme:dark){body:not([data-jp-theme-light],[class*=vscode]) .run-figure :is(img,svg){filter:invert(.9) hue-rotate(180deg)}}
`;
