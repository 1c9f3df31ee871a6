//! What every provider's folder holds, and its page in the documents.

use super::{Context, Finding, Outcome, count, provider_names::provider_folders};
use crate::Error;

#[expect(clippy::unnecessary_wraps, reason = "every rule has this shape")]
pub(super) fn check(context: &Context) -> Result<Outcome, Error> {
    let providers = provider_folders(&context.repository);
    let mut findings = Vec::new();
    for provider in &providers {
        let folder = format!("connectors/{provider}");
        let wanted = [
            (
                format!("{folder}/manifest.toml"),
                "the build script registers a folder by its manifest",
            ),
            (
                format!("{folder}/README.md"),
                "whoever repairs a connector needs to know what its API does and where that is written",
            ),
            (
                format!("docs/connect/{provider}.md"),
                "an administrator has to learn which permissions to give and which keys to copy",
            ),
        ];
        for (file, reason) in wanted {
            if !context.repository.contains(&file) {
                findings.push(Finding {
                    what: format!("the provider {provider} has no {file}"),
                    file: folder.clone(),
                    line: None,
                    reason,
                    remedy: format!("write {file}; CONTRIBUTING.md says what goes into it"),
                });
            }
        }
    }
    Ok(Outcome {
        looked_at: count(providers.len(), "provider", "providers"),
        findings,
    })
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::{metadata::fixture::workspace, repository::fixture::repository_of, tidy::Context};

    #[test]
    fn a_missing_page_is_named() {
        let fixture = repository_of(&[
            ("connectors/src/lib.rs", ""),
            ("connectors/acme/manifest.toml", ""),
            ("connectors/acme/README.md", ""),
        ]);
        let context = Context {
            repository: fixture.repository,
            metadata: workspace(&[]),
        };
        let outcome = check(&context).expect("nothing is read");
        let found: Vec<&str> = outcome.findings.iter().map(|it| it.what.as_str()).collect();
        assert_eq!(found, ["the provider acme has no docs/connect/acme.md"]);
    }
}
