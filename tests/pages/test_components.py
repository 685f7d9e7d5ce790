"""The modules every page may use, at work in a real page: the home of somebody who has no place yet."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

STREETS = """async () => {
  const { combobox } = await import("#gisplatform/combobox");
  const main = document.getElementById("main");
  const box = document.createElement("div");
  const label = document.createElement("label");
  const input = document.createElement("input");
  box.className = "combobox";
  label.append("Où ?", input);
  input.dataset.empty = "Aucune rue de ce nom.";
  box.append(label);
  main.append(box);
  const streets = ["Rue Saint-Pierre", "Rue Saint-Jean", "Quai Vendeuvre"];
  window.chosen = [];
  combobox(input, {
    search: async (text) => {
      if (text === "panne") throw new Error("Le serveur ne répond pas.");
      return streets
        .filter((name) => name.toLowerCase().includes(text.toLowerCase()))
        .map((name) => ({ label: name, detail: "Caen" }));
    },
    choose: (option) => window.chosen.push(option.label),
  });
}"""


@pytest.fixture
def home(page, town, sign_in):
    town.person("contractor", username="prestataire")
    sign_in(page, "prestataire")
    return page


@pytest.fixture
def streets(home):
    home.evaluate(STREETS)
    field = home.get_by_role("combobox", name="Où ?")
    field.focus()
    return field


def test_typing_offers_and_enter_chooses(home, streets, axe):
    home.keyboard.type("rue")
    options = home.get_by_role("option")
    expect(options).to_have_count(2)
    expect(streets).to_have_attribute("aria-expanded", "true")
    home.keyboard.press("ArrowDown")
    home.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    assert streets.get_attribute("aria-activedescendant") == options.nth(1).get_attribute("id")
    axe(home)
    home.keyboard.press("Enter")
    expect(streets).to_have_value("Rue Saint-Jean")
    expect(options).to_have_count(0)
    assert home.evaluate("window.chosen") == ["Rue Saint-Jean"]


def test_arrows_go_round(home, streets):
    home.keyboard.type("rue")
    expect(home.get_by_role("option")).to_have_count(2)
    home.keyboard.press("ArrowUp")
    expect(home.get_by_role("option").nth(1)).to_have_attribute("aria-selected", "true")
    home.keyboard.press("ArrowDown")
    expect(home.get_by_role("option").nth(0)).to_have_attribute("aria-selected", "true")


def test_a_click_chooses_too(home, streets):
    home.keyboard.type("quai")
    home.get_by_role("option", name="Quai Vendeuvre").click()
    expect(streets).to_have_value("Quai Vendeuvre")
    assert home.evaluate("window.chosen") == ["Quai Vendeuvre"]


def test_escape_closes_the_list_and_keeps_what_was_typed(home, streets):
    home.keyboard.type("rue")
    expect(home.get_by_role("option")).to_have_count(2)
    home.keyboard.press("Escape")
    expect(home.get_by_role("option")).to_have_count(0)
    expect(streets).to_have_value("rue")
    expect(streets).to_be_focused()
    assert home.evaluate("window.chosen") == []


def test_finding_nothing_and_failing_are_both_said(home, streets):
    home.keyboard.type("zz")
    expect(home.get_by_role("option")).to_have_text("Aucune rue de ce nom.")
    home.keyboard.press("Enter")
    assert home.evaluate("window.chosen") == []
    streets.fill("panne")
    expect(home.get_by_role("option")).to_have_text("Le serveur ne répond pas.")


def test_a_toast_says_what_happened_and_can_undo_it(home, axe):
    home.evaluate("""async () => {
      const { toast } = await import("#gisplatform/toast");
      toast("Demande transférée.", { action: { label: "Annuler", run: () => { window.undone = true; } } });
    }""")
    shown = home.locator("#toasts")
    expect(shown).to_contain_text("Demande transférée.")
    axe(home)
    shown.get_by_role("button", name="Annuler").click()
    expect(shown).to_be_empty()
    assert home.evaluate("window.undone") is True


def test_a_toast_leaves_by_itself(home):
    home.clock.install()
    home.evaluate("""import("#gisplatform/toast").then(({ toast }) => { toast("Note ajoutée."); })""")
    expect(home.locator("#toasts")).to_contain_text("Note ajoutée.")
    home.clock.run_for(7000)
    expect(home.locator("#toasts")).to_be_empty()


def test_a_menu_closes_when_one_looks_elsewhere(home):
    menu = home.locator("details[data-menu]")
    for leave in (
        lambda: home.keyboard.press("Escape"),
        lambda: home.locator("main").click(position={"x": 5, "y": 200}),
    ):
        home.locator("summary").click()
        expect(menu).to_have_attribute("open", "")
        leave()
        expect(menu).not_to_have_attribute("open", "")


def test_the_list_of_keys_opens_from_the_menu_as_well(home):
    home.locator("summary").click()
    home.get_by_role("button", name="Raccourcis du clavier").click()
    expect(home.get_by_role("dialog", name="Raccourcis du clavier")).to_be_visible()
