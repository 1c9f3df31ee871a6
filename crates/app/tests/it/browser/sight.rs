//! What can be looked for on a page, as `XPath`: by the words that a person reads, not by classes.

/// A link or button that is called `name`, by what is written on it or by its label.
pub(super) fn control(name: &str) -> String {
    control_where(&format!(
        "normalize-space(.)={0} or @aria-label={0}",
        quoted(name)
    ))
}

/// A link or button whose name starts with `start`.
pub(super) fn control_starting(start: &str) -> String {
    let start = quoted(start);
    control_where(&format!(
        "starts-with(normalize-space(.), {start}) or starts-with(@aria-label, {start})"
    ))
}

fn control_where(condition: &str) -> String {
    format!("//*[self::a or self::button or self::summary][{condition}]")
}

/// The field whose label starts with `label`.
pub(super) fn field(label: &str) -> String {
    let label = quoted(label);
    format!(
        "//*[self::input or self::textarea or self::select]\
         [@id=//label[starts-with(normalize-space(.), {label})]/@for or @aria-label={label}]"
    )
}

/// A heading with these words in it.
pub(super) fn heading(words: &str) -> String {
    format!(
        "//*[self::h1 or self::h2][contains(normalize-space(.), {})]",
        quoted(words)
    )
}

/// The innermost element with these words in it.
pub(super) fn words(words: &str) -> String {
    let words = quoted(words);
    format!(
        "//main//*[contains(normalize-space(.), {words})][not(*[contains(normalize-space(.), {words})])]"
    )
}

/// What `xpath` finds inside of the element with this id.
pub(super) fn inside(id: &str, xpath: &str) -> String {
    format!("//*[@id={}]{xpath}", quoted(id))
}

/// The way to the reasons of a proposal; mappings and doubts have reasons as well.
pub(super) const WHY_PROPOSED: &str =
    "//a[starts-with(@aria-label, 'Why ')][contains(@aria-label, '% for ')]";

/// An element that carries the class.
pub(super) fn class(name: &str) -> String {
    format!(
        "//*[contains(concat(' ', normalize-space(@class), ' '), {})]",
        quoted(&format!(" {name} "))
    )
}

/// A page on which `xpath` finds nothing.
pub(super) fn without(xpath: &str) -> String {
    format!("/html[not({xpath})]")
}

/// A text as `XPath` writes it; it has no escapes.
fn quoted(text: &str) -> String {
    if !text.contains('"') {
        return format!("\"{text}\"");
    }
    let parts: Vec<String> = text.split('"').map(|part| format!("\"{part}\"")).collect();
    format!("concat({})", parts.join(", '\"', "))
}
