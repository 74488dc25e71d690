// <vitrine-compare>: two images above each other, and a slider that says how much of the first is shown. The page has
// drawn both.
class Compare extends HTMLElement {
  connectedCallback() {
    this.addEventListener("input", ({ target }) => {
      // Set on the elements themselves, which the content policy allows.
      this.querySelector(".over").style.clipPath = `inset(0 0 0 ${target.value}%)`;
      this.querySelector(".divider").style.left = `${target.value}%`;
    });
  }
}

customElements.define("vitrine-compare", Compare);
