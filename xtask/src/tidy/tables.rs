//! Migrations: the same in both trees, and every table keyed by its organization but for the
//! global ones, which are listed in one place.

use std::collections::BTreeSet;

use super::{
    Context, Finding, Outcome, count,
    sql::{Tables, apply},
};
use crate::{Error, repository::Repository};

const TREES: [&str; 2] = [
    "crates/store-sqlite/migrations",
    "crates/store-postgres/migrations",
];
const LIST: &str = "crates/store/src/global_tables.rs";
const TENANT_KEY: &str = "organization_id";
/// The migration runner creates it by itself, so no migration does.
const HISTORY_TABLE: &str = "refinery_schema_history";

const SAME_TREES: &str = "one number means one schema, whichever database it is";
const KEYED: &str = "a key that begins with the organization keeps tenants apart and lets the tables be spread by it";

pub(super) fn check(context: &Context) -> Result<Outcome, Error> {
    let repository = &context.repository;
    let [sqlite, postgres] = TREES;
    let (sqlite_files, postgres_files) = (
        migrations(repository, sqlite),
        migrations(repository, postgres),
    );
    let mut findings = compare_names([&sqlite_files, &postgres_files]);
    let trees = [
        read(repository, sqlite, &sqlite_files)?,
        read(repository, postgres, &postgres_files)?,
    ];
    let listed = if repository.contains(LIST) {
        global_tables(&repository.read(LIST)?)
    } else {
        Vec::new()
    };
    // Trees with different files have different tables; to say so would bury the cause.
    let same_files = findings.is_empty();
    for (tree, folder) in trees.iter().zip(TREES) {
        findings.extend(unkeyed_tables(tree, &listed));
        if same_files {
            findings.extend(listed_but_absent(tree, folder, &listed));
        }
    }
    if same_files {
        findings.extend(only_in_one(&trees[0], &trees[1], postgres));
        findings.extend(only_in_one(&trees[1], &trees[0], sqlite));
    }
    Ok(Outcome {
        looked_at: format!(
            "{}, {} of them global",
            count(trees[0].len(), "table", "tables"),
            listed.len()
        ),
        findings,
    })
}

/// File names of a tree, in the order they are applied.
fn migrations<'a>(repository: &'a Repository, tree: &'a str) -> Vec<&'a str> {
    let mut names: Vec<&str> = repository
        .below(tree)
        .filter(|file| super::production::has_extension(file, "sql"))
        .map(|file| &file[tree.len() + 1..])
        .collect();
    names.sort_by_key(|name| version(name));
    names
}

/// `12` of `V12__people.sql`; anything else comes last and fails in the migration runner.
fn version(name: &str) -> u32 {
    name.trim_start_matches(['V', 'U'])
        .split("__")
        .next()
        .and_then(|number| number.parse().ok())
        .unwrap_or(u32::MAX)
}

fn compare_names(trees: [&[&str]; 2]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (here, there) in [(0, 1), (1, 0)] {
        for name in trees[here] {
            if !trees[there].contains(name) {
                findings.push(Finding {
                    file: format!("{}/{name}", TREES[here]),
                    line: None,
                    what: format!("{} has no {name}", TREES[there]),
                    reason: SAME_TREES,
                    remedy: "give both trees a migration of this number and name; one that has nothing to do says so in a comment".to_owned(),
                });
            }
        }
    }
    findings
}

fn read(repository: &Repository, tree: &str, names: &[&str]) -> Result<Tables, Error> {
    let mut tables = Tables::new();
    for name in names {
        let file = format!("{tree}/{name}");
        apply(&mut tables, &file, &repository.read(&file)?);
    }
    Ok(tables)
}

/// The strings of `GLOBAL_TABLES`, each with its line.
fn global_tables(text: &str) -> Vec<(String, usize)> {
    let mut names = Vec::new();
    let mut in_list = false;
    for (index, line) in text.lines().enumerate() {
        let code = line.split("//").next().unwrap_or_default();
        let code = if in_list {
            code
        } else if let Some((_, after)) = code.split_once("const GLOBAL_TABLES") {
            in_list = true;
            // The type has brackets as well.
            after.split_once('=').map_or("", |(_, value)| value)
        } else {
            continue;
        };
        let quoted = code.split('"').skip(1).step_by(2);
        names.extend(quoted.map(|name| (name.to_owned(), index + 1)));
        if code.contains(']') {
            break;
        }
    }
    names
}

fn unkeyed_tables(tree: &Tables, listed: &[(String, usize)]) -> Vec<Finding> {
    tree.iter()
        .filter(|(name, table)| {
            table.key_begins_with.as_deref() != Some(TENANT_KEY)
                && !listed.iter().any(|(listed, _)| listed == *name)
        })
        .map(|(name, table)| Finding {
            file: table.file.clone(),
            line: Some(table.line),
            what: match &table.key_begins_with {
                Some(column) => format!("the primary key of {name} begins with {column}"),
                None => format!("{name} has no primary key"),
            },
            reason: KEYED,
            remedy: format!(
                "begin the key with {TENANT_KEY}; if the table really is above organizations, add it to {LIST}"
            ),
        })
        .collect()
}

fn listed_but_absent(tree: &Tables, folder: &str, listed: &[(String, usize)]) -> Vec<Finding> {
    listed
        .iter()
        .filter(|(name, _)| name != HISTORY_TABLE && !tree.contains_key(name))
        .map(|(name, line)| Finding {
            file: LIST.to_owned(),
            line: Some(*line),
            what: format!("{folder} creates no table {name}"),
            reason: "a list of exceptions that names what is not there hides the next real one",
            remedy: "take the name off the list or add the migration".to_owned(),
        })
        .collect()
}

fn only_in_one(here: &Tables, there: &Tables, other: &str) -> Vec<Finding> {
    let names: BTreeSet<&String> = there.keys().collect();
    here.iter()
        .filter(|(name, _)| !names.contains(name))
        .map(|(name, table)| Finding {
            file: table.file.clone(),
            line: Some(table.line),
            what: format!("{other} has no table {name}"),
            reason: SAME_TREES,
            remedy: "create the table in both trees".to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{check, global_tables, version};
    use crate::{metadata::fixture::workspace, repository::fixture::repository_of, tidy::Context};

    const PEOPLE: &str =
        "CREATE TABLE people (organization_id BLOB, id BLOB, PRIMARY KEY (organization_id, id));\n";
    const ACCOUNTS: &str = "CREATE TABLE accounts (id BLOB PRIMARY KEY);\n";
    const LIST: &str = "/// Why.\npub const GLOBAL_TABLES: &[&str] = &[\n    \"accounts\", // sign-in\n    \"refinery_schema_history\",\n];\n";

    fn findings(files: &[(&str, &str)]) -> Vec<String> {
        let fixture = repository_of(files);
        let context = Context {
            repository: fixture.repository,
            metadata: workspace(&[]),
        };
        let outcome = check(&context).expect("readable");
        outcome.findings.into_iter().map(|it| it.what).collect()
    }

    #[test]
    fn the_list_is_read_without_its_type_and_comments() {
        let names: Vec<String> = global_tables(LIST)
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        assert_eq!(names, ["accounts", "refinery_schema_history"]);
        let one_line =
            "pub const GLOBAL_TABLES: &[&str] = &[\"a\", \"b\"];\nconst X: &str = \"c\";";
        assert_eq!(global_tables(one_line).len(), 2);
    }

    #[test]
    fn migrations_are_applied_by_number() {
        assert!(version("V9__a.sql") < version("V10__b.sql"));
    }

    #[test]
    fn equal_trees_with_listed_tables_are_fine() {
        let text = format!("{PEOPLE}{ACCOUNTS}");
        let files = [
            ("crates/store-sqlite/migrations/V1__a.sql", text.as_str()),
            ("crates/store-postgres/migrations/V1__a.sql", text.as_str()),
            ("crates/store/src/global_tables.rs", LIST),
        ];
        assert_eq!(findings(&files), Vec::<String>::new());
    }

    #[test]
    fn a_table_without_its_organization_is_found_when_it_is_not_listed() {
        let files = [
            ("crates/store-sqlite/migrations/V1__a.sql", ACCOUNTS),
            ("crates/store-postgres/migrations/V1__a.sql", ACCOUNTS),
        ];
        assert_eq!(
            findings(&files),
            [
                "the primary key of accounts begins with id",
                "the primary key of accounts begins with id",
            ]
        );
    }

    #[test]
    fn files_that_only_one_tree_has_are_found_both_ways() {
        let files = [
            ("crates/store-sqlite/migrations/V1__a.sql", PEOPLE),
            ("crates/store-postgres/migrations/V1__b.sql", ""),
        ];
        assert_eq!(
            findings(&files),
            [
                "crates/store-postgres/migrations has no V1__a.sql",
                "crates/store-sqlite/migrations has no V1__b.sql",
            ]
        );
    }

    #[test]
    fn a_table_that_only_one_tree_has_is_found() {
        let files = [
            ("crates/store-sqlite/migrations/V1__a.sql", PEOPLE),
            ("crates/store-postgres/migrations/V1__a.sql", ""),
        ];
        assert_eq!(
            findings(&files),
            ["crates/store-postgres/migrations has no table people"]
        );
    }

    #[test]
    fn a_listed_table_that_is_not_there_is_found() {
        let files = [
            ("crates/store-sqlite/migrations/V1__a.sql", PEOPLE),
            ("crates/store-postgres/migrations/V1__a.sql", PEOPLE),
            ("crates/store/src/global_tables.rs", LIST),
        ];
        assert_eq!(
            findings(&files),
            [
                "crates/store-sqlite/migrations creates no table accounts",
                "crates/store-postgres/migrations creates no table accounts",
            ]
        );
    }
}
