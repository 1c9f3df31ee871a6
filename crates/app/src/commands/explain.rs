//! `counterpart explain`: cause and remedy of a code.

use clap::Args;
use counterpart_model::Code;
use counterpart_service::{Error, Result};
use serde::Serialize;

use crate::output::{Ending, Output, table};

/// What to explain.
#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// The code, for example connection.unauthorized; lists all codes without it
    #[arg(value_name = "CODE")]
    code: Option<String>,
}

#[derive(Serialize)]
struct Explanation {
    code: &'static str,
    title: &'static str,
    cause: &'static str,
    remedy: &'static str,
}

impl From<Code> for Explanation {
    fn from(code: Code) -> Self {
        Self {
            code: code.as_str(),
            title: code.title(),
            cause: code.cause(),
            remedy: code.remedy(),
        }
    }
}

pub(crate) fn run(args: &ExplainArgs, output: Output) -> Result<Ending> {
    if let Some(code) = &args.code {
        let code: Code = code
            .parse()
            .map_err(|error| Error::new(Code::Usage, format!("{error}")))?;
        output.result(&Explanation::from(code), |it| {
            format!(
                "{}: {}\n\nCause:  {}\nRemedy: {}",
                it.code, it.title, it.cause, it.remedy
            )
        });
    } else {
        let all: Vec<Explanation> = Code::ALL.iter().copied().map(Explanation::from).collect();
        output.result(&all, |all| {
            let rows: Vec<Vec<String>> = all
                .iter()
                .map(|it| vec![it.code.to_owned(), it.title.to_owned()])
                .collect();
            table(&["CODE", "WHAT IT MEANS"], &rows)
        });
    }
    Ok(Ending::Done)
}
