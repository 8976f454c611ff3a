// A person who has no mouse: everything is reached with Tab, pressed with Enter and chosen with the arrows.

const MOST = 300;

export function keyboard(page) {
  /** Walks to `target` with Tab, the shorter way; fails where no key leads to it. */
  const reach = async (target) => {
    await target.waitFor();
    const where = () => target.evaluate((one) => {
      if (one === document.activeElement) return 'there';
      return one.compareDocumentPosition(document.activeElement ?? document.body) & Node.DOCUMENT_POSITION_FOLLOWING ? 'Shift+Tab' : 'Tab';
    });
    let way = await where();
    for (let k = 0; k < MOST && way !== 'there'; k++) {
      await page.keyboard.press(way);
      if ((await where()) === 'there') way = 'there';
    }
    if (way !== 'there') throw new Error(`no key leads to ${target}`);
  };
  return {
    reach,
    press: async (target) => {
      await reach(target);
      await page.keyboard.press('Enter');
    },
    /** What stood there is written over. */
    type: async (target, words) => {
      await reach(target);
      await page.keyboard.press('ControlOrMeta+A');
      await page.keyboard.type(words);
    },
    /** Chooses an option of a list by its words. */
    pick: async (target, words) => {
      await reach(target);
      const chosen = () => target.evaluate((one) => one.selectedOptions[0]?.textContent ?? '');
      await page.keyboard.press('Home');
      for (let k = 0; k < MOST && (await chosen()) !== words; k++) {
        const before = await chosen();
        await page.keyboard.press('ArrowDown');
        if ((await chosen()) === before) throw new Error(`“${words}” is not offered`);
      }
    },
  };
}
