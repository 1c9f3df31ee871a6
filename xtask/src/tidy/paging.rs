//! Every list in a manifest states how its pages follow each other.
//!
//! A list is a table that says where the rows of its requests stand: `items` beside `request` or
//! `requests`. The loader refuses such a table without `paging` as well; this rule sees manifests
//! that no test loads, and holds whatever types the loader will have.

use toml::{Table, Value};

use super::{Context, Finding, Outcome, count, provider_names::provider_folders};
use crate::Error;

const ROWS: &str = "items";
const REQUESTS: [&str; 2] = ["request", "requests"];
const PAGING: &str = "paging";
/// What a list of one page has to say: `{ kind = "none", because = "…" }`.
const SINGLE_PAGE: &str = "none";
const EXPLANATION: &str = "because";

const REASON: &str = "a list that is read without its paging ends after the first page, and the rest of the users look gone";

pub(super) fn check(context: &Context) -> Result<Outcome, Error> {
    let mut lists = 0;
    let mut findings = Vec::new();
    for provider in provider_folders(&context.repository) {
        let file = format!("connectors/{provider}/manifest.toml");
        if !context.repository.contains(&file) {
            continue;
        }
        let manifest: Table =
            toml::from_str(&context.repository.read(&file)?).map_err(|error| Error::Malformed {
                path: file.clone(),
                message: error.to_string(),
            })?;
        let mut problems = Vec::new();
        let lists_here = check_table(&manifest, provider, &mut problems);
        lists += lists_here;
        if lists_here == 0 {
            problems.push((
                format!("{provider} lists nothing"),
                "say in `users.full` how users are listed".to_owned(),
            ));
        }
        findings.extend(problems.into_iter().map(|(what, remedy)| Finding {
            file: file.clone(),
            line: None,
            what,
            reason: REASON,
            remedy,
        }));
    }
    Ok(Outcome {
        looked_at: count(lists, "list operation", "list operations"),
        findings,
    })
}

/// How many lists there are in a table and below; pushes what is wrong and what to do.
fn check_table(table: &Table, path: &str, problems: &mut Vec<(String, String)>) -> usize {
    let mut lists = 0;
    if table.contains_key(ROWS) && REQUESTS.iter().any(|key| table.contains_key(*key)) {
        lists += 1;
        match table.get(PAGING) {
            None => problems.push((
                format!("the list {path} does not state its paging"),
                format!("add `{PAGING} = {{ kind = … }}` to it"),
            )),
            Some(paging) if is_single_page_without_reason(paging) => problems.push((
                format!("the list {path} does not say why it has one page only"),
                format!("add `{EXPLANATION} = \"…\"` to its paging"),
            )),
            Some(_) => {}
        }
    }
    for (key, value) in table {
        lists += check_value(value, &format!("{path}.{key}"), problems);
    }
    lists
}

fn check_value(value: &Value, path: &str, problems: &mut Vec<(String, String)>) -> usize {
    match value {
        Value::Table(table) => check_table(table, path, problems),
        Value::Array(values) => values
            .iter()
            .enumerate()
            .map(|(index, value)| check_value(value, &format!("{path}[{index}]"), problems))
            .sum(),
        _ => 0,
    }
}

fn is_single_page_without_reason(paging: &Value) -> bool {
    let text = |key| paging.get(key).and_then(Value::as_str).unwrap_or_default();
    text("kind") == SINGLE_PAGE && text(EXPLANATION).trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::{metadata::fixture::workspace, repository::fixture::repository_of, tidy::Context};

    fn findings(manifest: &str) -> Vec<String> {
        let fixture = repository_of(&[("connectors/acme/manifest.toml", manifest)]);
        let context = Context {
            repository: fixture.repository,
            metadata: workspace(&[]),
        };
        let outcome = check(&context).expect("readable");
        outcome.findings.into_iter().map(|it| it.what).collect()
    }

    #[test]
    fn a_list_that_states_its_paging_is_fine() {
        let manifest = "[users.full]\nitems = \"/rows\"\nrequests = [{ path = \"/users\" }]\npaging = { kind = \"offset\", end = \"short_page\" }\n[[probes]]\nname = \"me\"\nrequest = { path = \"/me\" }\n";
        assert_eq!(findings(manifest), Vec::<String>::new());
    }

    #[test]
    fn a_list_without_paging_is_found_wherever_it_is() {
        let manifest = "[users.full]\nitems = \"/rows\"\nrequests = []\n[[users.joins]]\nname = \"a\"\nitems = \"\"\nrequest = { path = \"/x\" }\n";
        assert_eq!(
            findings(manifest),
            [
                "the list acme.users.full does not state its paging",
                "the list acme.users.joins[0] does not state its paging",
            ]
        );
    }

    #[test]
    fn one_page_has_to_be_explained() {
        let manifest = "[users.full]\nitems = \"\"\nrequests = []\npaging = { kind = \"none\", because = \" \" }\n";
        assert_eq!(
            findings(manifest),
            ["the list acme.users.full does not say why it has one page only"]
        );
    }

    #[test]
    fn a_manifest_that_lists_nothing_is_found() {
        assert_eq!(findings("manifest = 0\n"), ["acme lists nothing"]);
    }
}
