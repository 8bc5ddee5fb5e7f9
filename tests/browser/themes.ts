/** JupyterLab in the light and in the dark. */
import type { Page } from "playwright-core";

/** Runs in the page: texts of outputs whose contrast with the ground they stand on is under 4.5 to 1. */
export const FAINT_TEXTS = `(() => {
  const light = (rgb) => {
    const [r, g, b] = rgb.map((one) => one / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const ground = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const [r, g, b, a = 1] = parts(getComputedStyle(at).backgroundColor);
      if (a > 0.5) return [r, g, b];
    }
    return [255, 255, 255];
  };
  return [...document.querySelectorAll(".jp-OutputArea-output :is(p, td, th, div, strong, figcaption, summary, pre)")]
    .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== ""))
    .filter((one) => {
      const [a, b] = [light(parts(getComputedStyle(one).color).slice(0, 3)), light(ground(one))].sort((x, y) => y - x);
      return (a + 0.05) / (b + 0.05) < 4.5;
    })
    .map((one) => one.outerHTML.slice(0, 150));
})()`;

/** Looks at a page in both themes. JupyterLab keeps the theme for whoever uses this folder: theirs is brought back. */
export async function inBothThemes(page: Page, look: (dark: boolean) => Promise<void>): Promise<void> {
  const settings = "jupyterapp.serviceManager.settings";
  const id = '"@jupyterlab/apputils-extension:themes"';
  const kept = await page.evaluate<string>(`${settings}.fetch(${id}).then((all) => all.raw)`);
  try {
    for (const name of ["Light", "Dark"]) {
      const change = `"apputils:change-theme", { theme: "JupyterLab ${name}" }`;
      await page.evaluate(`jupyterapp.commands.execute(${change}).then(() => 1)`);
      await page.waitForFunction(`document.body.dataset.jpThemeLight === "${name === "Light"}"`);
      await look(name === "Dark");
    }
  } finally {
    await page.evaluate(`${settings}.save(${id}, ${JSON.stringify(kept)}).then(() => 1)`);
  }
}
