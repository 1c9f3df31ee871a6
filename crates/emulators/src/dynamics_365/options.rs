//! The options of a query and what a client prefers.

use super::errors::ApiError;
use super::filter::{Filter, read};
use super::schema::{Column, Entity, Navigation, by_name};
use crate::answer::ApiRequest;

/// The most records of a page.
const MOST: usize = 5000;

/// What a client asks of a list or of one record.
#[derive(Debug, Default)]
pub(crate) struct Options {
    /// The columns to show; empty: all.
    pub(crate) select: Vec<&'static Column>,
    pub(crate) filter: Option<Filter>,
    pub(crate) order: Vec<(&'static Column, bool)>,
    pub(crate) top: Option<usize>,
    pub(crate) count: bool,
    pub(crate) expand: Vec<Expand>,
    pub(crate) skip_token: Option<String>,
    pub(crate) delta_token: Option<String>,
}

/// What to show of another record.
#[derive(Debug)]
pub(crate) enum Expand {
    /// The one that a property leads to.
    One(&'static Navigation, &'static Entity, Vec<&'static Column>),
    /// The parties of an activity.
    Parties,
}

/// The property that leads to the parties of a phone call.
pub(crate) const PARTIES: &str = "phonecall_activity_parties";

impl Options {
    pub(crate) fn read(request: &ApiRequest, entity: &'static Entity) -> Result<Self, ApiError> {
        let mut options = Self::default();
        for (name, value) in &request.query {
            match name.as_str() {
                "$select" => options.select = columns(value, entity)?,
                "$filter" => options.filter = Some(read(value, entity)?),
                "$orderby" => options.order = order(value, entity)?,
                "$top" => options.top = Some(number(name, value)?),
                "$count" => options.count = value == "true",
                "$expand" => options.expand = expand(value, entity)?,
                "$skiptoken" => options.skip_token = Some(value.clone()),
                "$deltatoken" => options.delta_token = Some(value.clone()),
                "$skip" => return Err(ApiError::query("Skip Clause is not supported in CRM")),
                other if other.starts_with('$') => {
                    let message = format!("The query parameter '{other}' is not supported.");
                    return Err(ApiError::query(message));
                }
                _ => {}
            }
        }
        Ok(options)
    }
}

fn columns(names: &str, entity: &'static Entity) -> Result<Vec<&'static Column>, ApiError> {
    let names = names.split(',').map(str::trim);
    names
        .filter(|name| !name.is_empty() && *name != "*")
        .map(|name| {
            let column = entity.column(name);
            column.ok_or_else(|| ApiError::no_property(name, entity.name))
        })
        .collect()
}

fn order(text: &str, entity: &'static Entity) -> Result<Vec<(&'static Column, bool)>, ApiError> {
    let key = |key: &str| {
        let mut words = key.split_whitespace();
        let name = words.next().unwrap_or_default();
        let column = entity.column(name);
        let column = column.ok_or_else(|| ApiError::no_property(name, entity.name))?;
        match (words.next(), words.next()) {
            (None | Some("asc"), None) => Ok((column, false)),
            (Some("desc"), None) => Ok((column, true)),
            _ => Err(ApiError::query(format!(
                "Syntax error at position 0 in '{text}'."
            ))),
        }
    };
    text.split(',').map(key).collect()
}

fn number(name: &str, value: &str) -> Result<usize, ApiError> {
    value.parse().map_err(|_| {
        ApiError::query(format!(
            "Invalid value '{value}' for {name} query option found. The {name} query option \
             requires a non-negative integer value."
        ))
    })
}

/// `one($select=a,b),other`.
fn expand(text: &str, entity: &'static Entity) -> Result<Vec<Expand>, ApiError> {
    let mut found = Vec::new();
    for part in outside_parentheses(text) {
        let (name, inner) = match part.split_once('(') {
            Some((name, inner)) => (name.trim(), inner.trim_end_matches(')')),
            None => (part.trim(), ""),
        };
        if name == PARTIES && entity.name == "phonecall" {
            found.push(Expand::Parties);
            continue;
        }
        let target = entity.navigation(name);
        let target = target.and_then(|link| by_name(link.target).map(|target| (link, target)));
        let (link, target) = target.ok_or_else(|| ApiError::no_property(name, entity.name))?;
        let mut select = Vec::new();
        for option in inner.split(';').filter(|option| !option.is_empty()) {
            let Some(("$select", names)) = option.split_once('=') else {
                let message = format!("The query option '{option}' is not supported here.");
                return Err(ApiError::query(message));
            };
            select = columns(names, target)?;
        }
        found.push(Expand::One(link, target, select));
    }
    Ok(found)
}

fn outside_parentheses(text: &str) -> Vec<&str> {
    let mut depth = 0;
    text.split(|letter| {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        letter == ',' && depth == 0
    })
    .collect()
}

/// What a client prefers (RFC 7240).
#[derive(Debug, Default)]
pub(crate) struct Prefer {
    /// `odata.maxpagesize`, at most the vendor's.
    pub(crate) page_size: Option<usize>,
    /// `odata.track-changes`
    pub(crate) track: bool,
    /// `return=representation`
    pub(crate) representation: bool,
    /// `odata.include-annotations`: formatted values, names of tables, names of properties.
    pub(crate) annotations: [bool; 3],
}

/// The annotations there are, in the order of [`Prefer::annotations`].
pub(crate) const ANNOTATIONS: [&str; 3] = [
    "OData.Community.Display.V1.FormattedValue",
    "Microsoft.Dynamics.CRM.lookuplogicalname",
    "Microsoft.Dynamics.CRM.associatednavigationproperty",
];

impl Prefer {
    pub(crate) fn read(request: &ApiRequest) -> Self {
        let mut prefer = Self::default();
        let written = request.headers.get_all("prefer").into_iter();
        let written = written.filter_map(|value| value.to_str().ok());
        let joined = written.collect::<Vec<_>>().join(",");
        for preference in outside_quotes(&joined) {
            let (name, value) = preference.split_once('=').unwrap_or((preference, ""));
            let value = value.trim().trim_matches('"');
            match name.trim().to_ascii_lowercase().as_str() {
                "odata.maxpagesize" | "maxpagesize" => {
                    let size = value.parse::<usize>().ok().filter(|size| *size > 0);
                    prefer.page_size = size.map(|size| size.min(MOST));
                }
                "odata.track-changes" => prefer.track = true,
                "return" => prefer.representation = value == "representation",
                "odata.include-annotations" => {
                    let wanted =
                        |name: &str| value.split(',').any(|pattern| is_like(pattern, name));
                    prefer.annotations = ANNOTATIONS.map(wanted);
                }
                _ => {}
            }
        }
        prefer
    }

    /// The size of a page.
    pub(crate) fn size(&self) -> usize {
        self.page_size.unwrap_or(MOST)
    }

    /// What was heeded, for the answer's header.
    pub(crate) fn applied(&self) -> String {
        let mut applied = Vec::new();
        if let Some(size) = self.page_size {
            applied.push(format!("odata.maxpagesize={size}"));
        }
        if self.track {
            applied.push("odata.track-changes".to_owned());
        }
        if self.representation {
            applied.push("return=representation".to_owned());
        }
        if self.annotations == [true; 3] {
            applied.push("odata.include-annotations=\"*\"".to_owned());
        }
        applied.join(",")
    }
}

fn outside_quotes(text: &str) -> Vec<&str> {
    let mut inside = false;
    text.split(|letter| {
        inside ^= letter == '"';
        matches!(letter, ',' | ';') && !inside
    })
    .collect()
}

/// `*`, `OData.*` or a whole name.
fn is_like(pattern: &str, name: &str) -> bool {
    match pattern.trim().strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == pattern.trim(),
    }
}
