//! Documents in step with the repository: links lead somewhere, commands exist.

use std::collections::BTreeSet;

use super::{Context, Finding, Outcome, count, production::has_extension};
use crate::{Error, repository::Repository, rust_source::RustSource};

/// Languages of fenced blocks whose lines are commands.
const SHELLS: &[&str] = &["console", "sh", "bash", "shell"];
/// The enum in `crates/app` whose variants are the subcommands.
const COMMAND_ENUM: &str = "Command";
/// clap adds it by itself.
const BUILT_IN_COMMAND: &str = "help";

/// What commands in documents may name. `None` where there is nothing to compare with yet.
struct Known {
    subcommands: Option<BTreeSet<String>>,
    targets: Option<BTreeSet<String>>,
}

pub(super) fn check(context: &Context) -> Result<Outcome, Error> {
    let repository = &context.repository;
    let known = Known {
        subcommands: subcommands(repository)?,
        targets: make_targets(repository)?,
    };
    let mut looked_at = 0;
    let mut findings = Vec::new();
    for file in repository.files() {
        if !has_extension(file, "md") {
            continue;
        }
        looked_at += 1;
        let text = repository.read(file)?;
        for (line, part) in parts(&text) {
            match part {
                Part::Prose(prose) => {
                    for target in links(prose) {
                        findings.extend(check_link(repository, file, line, target)?);
                    }
                }
                Part::Command(command) => {
                    findings.extend(check_command(&known, file, line, command));
                }
            }
        }
    }
    Ok(Outcome {
        looked_at: count(looked_at, "document", "documents"),
        findings,
    })
}

enum Part<'a> {
    Prose(&'a str),
    Command(&'a str),
}

/// The lines of a document outside of fenced blocks, and those of blocks for a shell.
fn parts(text: &str) -> Vec<(usize, Part<'_>)> {
    let mut parts = Vec::new();
    // The fence that ends the block, and whether its lines are commands.
    let mut block: Option<(&str, bool)> = None;
    for (index, line) in text.lines().enumerate() {
        let trimmed = line.trim_start();
        match block {
            None => {
                if let Some(fence) = fence_of(trimmed) {
                    let language = trimmed[fence.len()..].split([' ', ',']).next();
                    block = Some((fence, language.is_some_and(|it| SHELLS.contains(&it))));
                } else {
                    parts.push((index + 1, Part::Prose(line)));
                }
            }
            Some((fence, _)) if trimmed.trim_end() == fence => block = None,
            Some((_, true)) => parts.push((index + 1, Part::Command(trimmed))),
            Some((_, false)) => {}
        }
    }
    parts
}

/// The run of three or more backticks or tildes that opens a block.
fn fence_of(line: &str) -> Option<&str> {
    let mark = line
        .chars()
        .next()
        .filter(|mark| matches!(mark, '`' | '~'))?;
    let length = line.find(|next| next != mark).unwrap_or(line.len());
    (length >= 3).then(|| &line[..length])
}

/// Targets of `[text](target)`, `![text](target)` and `[name]: target`.
fn links(line: &str) -> Vec<&str> {
    let mut targets: Vec<&str> = Vec::new();
    if let Some(rest) = line.trim_start().strip_prefix('[')
        && let Some((name, target)) = rest.split_once("]: ")
        && !name.contains(']')
    {
        targets.extend(target.split_whitespace().next());
    }
    // Every other piece between backticks is code.
    for prose in line.split('`').step_by(2) {
        for (start, _) in prose.match_indices("](") {
            let rest = &prose[start + 2..];
            let end = rest.find([')', ' ']).unwrap_or(rest.len());
            targets.push(rest[..end].trim_matches(['<', '>']));
        }
    }
    targets
}

fn check_link(
    repository: &Repository,
    file: &str,
    line: usize,
    target: &str,
) -> Result<Option<Finding>, Error> {
    if target.is_empty() || target.contains("://") || target.starts_with("mailto:") {
        return Ok(None);
    }
    let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
    let Some(path) = resolve(file, path) else {
        return Ok(Some(broken(
            file,
            line,
            target,
            "leads out of the repository",
        )));
    };
    if !repository.contains_path(path.trim_end_matches('/')) {
        return Ok(Some(broken(file, line, target, "leads nowhere")));
    }
    if !anchor.is_empty() && has_extension(&path, "md") {
        let headings = anchors(&repository.read(&path)?);
        if !headings.contains(anchor) {
            return Ok(Some(broken(
                file,
                line,
                target,
                "names no heading of that page",
            )));
        }
    }
    Ok(None)
}

fn broken(file: &str, line: usize, target: &str, how: &str) -> Finding {
    Finding {
        file: file.to_owned(),
        line: Some(line),
        what: format!("the link {target} {how}"),
        reason: "a reader who follows it loses trust in the rest",
        remedy: "correct the link, or write what it should lead to".to_owned(),
    }
}

/// The path from the root of the repository; `None` when it leaves it.
fn resolve(file: &str, target: &str) -> Option<String> {
    if target.is_empty() {
        return Some(file.to_owned());
    }
    let (base, target) = match target.strip_prefix('/') {
        Some(from_root) => ("", from_root),
        None => (
            file.rsplit_once('/').map_or("", |(folder, _)| folder),
            target,
        ),
    };
    let mut parts: Vec<&str> = base.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// What a heading can be linked by, as GitHub makes it.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut anchors = BTreeSet::new();
    for (_, part) in parts(text) {
        let Part::Prose(line) = part else { continue };
        let heading = line.trim_start_matches('#');
        if heading.len() == line.len() || !heading.starts_with(' ') {
            continue;
        }
        let anchor: String = heading
            .trim()
            .to_lowercase()
            .chars()
            .filter_map(|character| match character {
                ' ' => Some('-'),
                '-' | '_' => Some(character),
                character => character.is_alphanumeric().then_some(character),
            })
            .collect();
        let mut unique = anchor.clone();
        let mut again = 0;
        while !anchors.insert(unique) {
            again += 1;
            unique = format!("{anchor}-{again}");
        }
    }
    anchors
}

fn check_command(known: &Known, file: &str, line: usize, command: &str) -> Option<Finding> {
    let words = command
        .strip_prefix("$ ")
        .or_else(|| command.strip_prefix("# "))
        .unwrap_or(command)
        .split_whitespace()
        // Settings before a command, as in `SKIP=postgres make test`.
        .skip_while(|word| {
            word.split_once('=')
                .is_some_and(|(name, _)| !name.is_empty() && !name.contains(['/', '-']))
        });
    let words: Vec<&str> = words.collect();
    let (program, argument) = match words.as_slice() {
        [program, argument, ..] => (*program, *argument),
        _ => return None,
    };
    if argument.starts_with('-') || argument.contains(['=', '<', '[', '$']) {
        return None;
    }
    let program = program.rsplit('/').next().unwrap_or(program);
    let (names, kind) = match program {
        "counterpart" => (known.subcommands.as_ref()?, "subcommand"),
        "make" => (known.targets.as_ref()?, "target"),
        _ => return None,
    };
    (!names.contains(argument)).then(|| Finding {
        file: file.to_owned(),
        line: Some(line),
        what: format!("`{program} {argument}` names no {kind}"),
        reason: "a command that is copied from a page has to work",
        remedy: format!(
            "correct it; there are: {}",
            names
                .iter()
                .map(String::as_str)
                .collect::<Vec<_>>()
                .join(", ")
        ),
    })
}

/// The subcommands of the binary, read from the enum that clap derives them from.
fn subcommands(repository: &Repository) -> Result<Option<BTreeSet<String>>, Error> {
    for file in repository.below("crates/app/src") {
        if !has_extension(file, "rs") {
            continue;
        }
        let source = RustSource::parse(&repository.read(file)?);
        if let Some(variants) = source.enum_variants(COMMAND_ENUM) {
            let names = variants
                .into_iter()
                .map(|(variant, name)| name.unwrap_or_else(|| kebab_case(&variant)))
                .chain([BUILT_IN_COMMAND.to_owned()]);
            return Ok(Some(names.collect()));
        }
    }
    Ok(None)
}

fn kebab_case(name: &str) -> String {
    let mut kebab = String::new();
    for (index, character) in name.chars().enumerate() {
        if character.is_uppercase() && index > 0 {
            kebab.push('-');
        }
        kebab.extend(character.to_lowercase());
    }
    kebab
}

fn make_targets(repository: &Repository) -> Result<Option<BTreeSet<String>>, Error> {
    if !repository.contains("Makefile") {
        return Ok(None);
    }
    let text = repository.read("Makefile")?;
    let targets = text
        .lines()
        .filter(|line| !line.starts_with(['\t', '#', '.']))
        .filter_map(|line| line.split_once(':'))
        .filter(|(_, rest)| !rest.starts_with('='))
        .flat_map(|(names, _)| names.split_whitespace())
        .map(str::to_owned);
    Ok(Some(targets.collect()))
}

#[cfg(test)]
mod tests {
    use super::{anchors, check, kebab_case, links, resolve};
    use crate::{metadata::fixture::workspace, repository::fixture::repository_of, tidy::Context};

    fn findings(files: &[(&str, &str)]) -> Vec<String> {
        let fixture = repository_of(files);
        let context = Context {
            repository: fixture.repository,
            metadata: workspace(&[]),
        };
        let outcome = check(&context).expect("readable");
        outcome
            .findings
            .into_iter()
            .map(|it| format!("{}: {}", it.line.unwrap_or(0), it.what))
            .collect()
    }

    #[test]
    fn links_are_found_in_all_their_forms_and_not_in_code() {
        assert_eq!(
            links("see [a](b.md) and ![c](<d.png> \"title\"), not `[e](f)`"),
            ["b.md", "d.png"]
        );
        assert_eq!(links("[name]: there.md"), ["there.md"]);
    }

    #[test]
    fn a_link_is_resolved_from_its_page_and_does_not_leave() {
        assert_eq!(
            resolve("docs/a/b.md", "../c.md"),
            Some("docs/c.md".to_owned())
        );
        assert_eq!(
            resolve("docs/b.md", "/README.md"),
            Some("README.md".to_owned())
        );
        assert_eq!(resolve("README.md", "../x.md"), None);
    }

    #[test]
    fn headings_give_the_anchors_that_github_gives() {
        let anchors =
            anchors("# Map your people\n## Map, again!\n## Map, again!\n```\n# no\n```\n");
        let anchors: Vec<&str> = anchors.iter().map(String::as_str).collect();
        assert_eq!(anchors, ["map-again", "map-again-1", "map-your-people"]);
    }

    #[test]
    fn broken_links_are_found_with_their_line() {
        let page =
            "# T\n[fine](b.md#here) [web](https://x.test/y)\n[bad](c.md)\n[worse](b.md#there)\n";
        assert_eq!(
            findings(&[("docs/a.md", page), ("docs/b.md", "# Here\n")]),
            [
                "3: the link c.md leads nowhere",
                "4: the link b.md#there names no heading of that page",
            ]
        );
    }

    #[test]
    fn commands_are_compared_with_the_binary_and_the_makefile() {
        let page = "```console\n$ counterpart demo --once\n$ ./target/release/counterpart map list\n$ SKIP=browser make test\n$ make tests\n$ counterpart --help\nconnected to counterpart now\n```\n```text\ncounterpart nothing\n```\n";
        let app = "enum Command { Demo(Demo), DbMigrate, }";
        let makefile = "A := b\n.PHONY: test\ntest: demo ## Test\n\tmake x\ndemo:\n";
        assert_eq!(
            findings(&[
                ("docs/a.md", page),
                ("crates/app/src/main.rs", app),
                ("Makefile", makefile),
            ]),
            [
                "3: `counterpart map` names no subcommand",
                "5: `make tests` names no target",
            ]
        );
    }

    #[test]
    fn without_a_binary_there_is_nothing_to_compare_with() {
        let page = "```sh\ncounterpart anything\n```\n";
        assert_eq!(findings(&[("a.md", page)]), Vec::<String>::new());
    }

    #[test]
    fn variants_are_spelled_as_clap_spells_them() {
        assert_eq!(kebab_case("MatchNames"), "match-names");
    }
}
