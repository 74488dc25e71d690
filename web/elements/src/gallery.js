// <vitrine-gallery data-position="{} of {}">: pictures in a grid, each of which is shown large when it is pressed. The
// page has drawn the grid and the empty dialog.
class Gallery extends HTMLElement {
  #shown = 0;

  connectedCallback() {
    this.addEventListener("click", ({ target }) => {
      const thumbnail = target.closest(".thumbnail");
      if (thumbnail) this.#open(thumbnail);
      const step = target.closest("[data-step]");
      if (step) this.#step(Number(step.dataset.step));
    });
    this.addEventListener("keydown", (event) => {
      if (!event.target.closest("dialog")) return;
      if (event.key === "ArrowRight") this.#step(1);
      if (event.key === "ArrowLeft") this.#step(-1);
    });
  }

  get #pictures() {
    return [...this.querySelectorAll(".thumbnail img")];
  }

  #open(thumbnail) {
    this.#shown = this.#pictures.indexOf(thumbnail.querySelector("img"));
    this.#draw();
    this.querySelector("dialog").showModal();
  }

  #step(by) {
    const count = this.#pictures.length;
    this.#shown = (this.#shown + by + count) % count;
    this.#draw();
  }

  #draw() {
    const pictures = this.#pictures;
    const { src, alt } = pictures[this.#shown];
    Object.assign(this.querySelector("dialog img"), { src, alt });
    Object.assign(this.querySelector("dialog a"), { href: src, download: alt });
    const numbers = [this.#shown + 1, pictures.length];
    this.querySelector("[aria-live]").textContent = this.dataset.position.replace(/\{\}/g, () => numbers.shift());
  }
}

customElements.define("vitrine-gallery", Gallery);
