// <vitrine-annotated>: an image with labelled parts. Its legend shows the parts of one label alone while that is pointed
// at, and hides them when it is pressed. The page has drawn image, parts and legend.
class Annotated extends HTMLElement {
  #pointed;

  connectedCallback() {
    for (const [event, isPointed] of [["pointerover", true], ["focusin", true], ["pointerout", false], ["focusout", false]]) {
      this.addEventListener(event, ({ target }) => {
        const button = target.closest(".legend button");
        if (!button) return;
        this.#pointed = isPointed ? button.textContent : undefined;
        this.#show();
      });
    }
    this.addEventListener("click", ({ target }) => {
      const button = target.closest(".legend button");
      if (!button) return;
      button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
      this.#show();
    });
  }

  #show() {
    const off = new Set([...this.querySelectorAll(".legend [aria-pressed=false]")].map(({ textContent }) => textContent));
    for (const part of this.querySelectorAll("g.part")) {
      const { label } = part.dataset;
      part.classList.toggle("off", off.has(label));
      part.classList.toggle("faint", this.#pointed !== undefined && this.#pointed !== label);
    }
  }
}

customElements.define("vitrine-annotated", Annotated);
