/** JupyterLab in the light and in the dark. */
import type { Page } from "playwright-core";

/** What is looked at in the outputs of a notebook. */
export const TEXTS_OF_OUTPUTS = ".jp-OutputArea-output :is(p, td, th, div, strong, figcaption, summary, pre)";

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
