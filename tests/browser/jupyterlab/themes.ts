/** JupyterLab in the light and in the dark. */
import type { Page } from "playwright-core";

/** What is looked at in the outputs of a notebook. */
export const TEXTS_OF_OUTPUTS = ".jp-OutputArea-output :is(p, td, th, div, strong, figcaption, summary, pre)";

/** Looks at a page in both themes. JupyterLab keeps the theme for whoever uses this folder: theirs is brought back. */
export async function inBothThemes(page: Page, look: (dark: boolean) => Promise<void>): Promise<void> {
  const settings = "jupyterapp.serviceManager.settings";
  const id = '"@jupyterlab/apputils-extension:themes"';
  const kept = await page.evaluate<string>(`${settings}.fetch(${id}).then((all) => all.raw)`);
  const wasLight = await page.evaluate<string>("document.body.dataset.jpThemeLight");
  const change = async (light: string): Promise<void> => {
    const name = light === "true" ? "Light" : "Dark";
    await page.evaluate(
      `jupyterapp.commands.execute("apputils:change-theme", { theme: "JupyterLab ${name}" }).then(() => 1)`,
    );
    await page.waitForFunction(`document.body.dataset.jpThemeLight === "${light}"`);
    // JupyterLab takes its splash away a moment later, and twice when the theme has changed once more by then.
    await page.locator("#jupyterlab-splash").waitFor({ state: "detached" });
  };
  try {
    for (const light of ["true", "false"]) {
      await change(light);
      await look(light === "false");
    }
  } finally {
    await change(wasLight);
    await page.evaluate(`${settings}.save(${id}, ${JSON.stringify(kept)}).then(() => 1)`);
  }
}
