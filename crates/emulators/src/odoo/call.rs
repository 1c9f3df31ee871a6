//! What both dialects say in the end: a method of a model with named arguments.

use serde_json::{Map, Value};

use super::errors::Exception;

/// A method that may be called from outside.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Method {
    pub(crate) name: &'static str,
    /// Whether it works on given records; JSON-RPC then has their ids as the first argument.
    pub(crate) on_records: bool,
    /// The arguments in their order.
    parameters: &'static [&'static str],
    /// How many of them must be given.
    needed: usize,
    /// The only model that has it; empty: all have it.
    model: &'static str,
    /// The last version that has it; 0: all have it.
    until: u32,
}

const fn method(
    name: &'static str,
    on_records: bool,
    parameters: &'static [&'static str],
    needed: usize,
) -> Method {
    Method {
        name,
        on_records,
        parameters,
        needed,
        model: "",
        until: 0,
    }
}

const fn only(model: &'static str, method: Method) -> Method {
    Method { model, ..method }
}

static METHODS: &[Method] = &[
    method("search", false, &["domain", "offset", "limit", "order"], 1),
    method(
        "search_read",
        false,
        &["domain", "fields", "offset", "limit", "order", "load"],
        0,
    ),
    method("search_count", false, &["domain", "limit"], 1),
    method(
        "name_search",
        false,
        &["name", "domain", "operator", "limit"],
        0,
    ),
    method("read", true, &["fields", "load"], 0),
    method("exists", true, &[], 0),
    method("create", false, &["vals_list"], 1),
    method("write", true, &["vals"], 1),
    method("unlink", true, &[], 0),
    method("fields_get", false, &["allfields", "attributes"], 0),
    method("has_access", true, &["operation"], 1),
    Method {
        until: 18,
        ..method(
            "check_access_rights",
            false,
            &["operation", "raise_exception"],
            1,
        )
    },
    method(
        "message_post",
        true,
        &[
            "body",
            "subject",
            "message_type",
            "subtype_xmlid",
            "author_id",
        ],
        0,
    ),
    only(
        "mail.activity",
        method("action_feedback", true, &["feedback", "attachment_ids"], 0),
    ),
    only("mail.activity", method("action_done", true, &[], 0)),
    only("res.users", method("context_get", false, &[], 0)),
    only(
        "ir.config_parameter",
        method("get_param", false, &["key", "default"], 1),
    ),
    only(
        "ir.model.data",
        method(
            "check_object_reference",
            false,
            &["module", "xml_id", "raise_on_access_error"],
            2,
        ),
    ),
];

/// One call.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) model: String,
    pub(crate) method: &'static Method,
    pub(crate) ids: Vec<i64>,
    pub(crate) arguments: Map<String, Value>,
    /// `active_test` is the only key that matters here.
    pub(crate) context: Value,
    /// Whether several records were given to `create`, or one.
    pub(crate) creates_many: bool,
}

impl Call {
    /// The argument of that name; null when it was not given.
    pub(crate) fn argument(&self, name: &str) -> &Value {
        self.arguments.get(name).unwrap_or(&Value::Null)
    }

    /// A whole number that was given, not `false`.
    pub(crate) fn number(&self, name: &str) -> Option<usize> {
        self.argument(name)
            .as_u64()
            .and_then(|number| usize::try_from(number).ok())
    }
}

/// The method of that name in that version.
pub(crate) fn find(model: &str, name: &str, version: u32) -> Result<&'static Method, Exception> {
    if name.starts_with('_') {
        return Err(Exception::private(name));
    }
    let found = METHODS.iter().find(|method| {
        method.name == name
            && (method.model.is_empty() || method.model == model)
            && (method.until == 0 || version <= method.until)
    });
    found.ok_or_else(|| Exception::no_such_method(model, name))
}

/// `execute_kw(db, uid, password, model, method, positional, named)`.
pub(crate) fn positional(
    model: &str,
    method: &'static Method,
    mut given: Vec<Value>,
    mut named: Map<String, Value>,
) -> Result<Call, Exception> {
    let context = named.remove("context").unwrap_or(Value::Null);
    let ids = if method.on_records {
        if given.is_empty() {
            Value::Array(Vec::new())
        } else {
            given.remove(0)
        }
    } else {
        Value::Array(Vec::new())
    };
    if given.len() > method.parameters.len() {
        let message = format!(
            "{}() takes from 1 to {} positional arguments but {} were given",
            method.name,
            method.parameters.len() + 1,
            given.len() + 1
        );
        return Err(Exception::arguments(message));
    }
    for (name, value) in method.parameters.iter().zip(given) {
        if named.insert((*name).to_owned(), value).is_some() {
            let message = format!(
                "{}() got multiple values for argument '{name}'",
                method.name
            );
            return Err(Exception::arguments(message));
        }
    }
    call(model, method, &ids, named, context, |what| {
        format!("{}() {what}", method.name)
    })
}

/// The body of `/json/2/<model>/<method>`.
pub(crate) fn named(
    model: &str,
    method: &'static Method,
    mut body: Map<String, Value>,
) -> Result<Call, Exception> {
    let context = body.remove("context").unwrap_or(Value::Null);
    let ids = body.remove("ids").unwrap_or(Value::Null);
    if !method.on_records && ids.as_array().is_some_and(|ids| !ids.is_empty()) {
        let message = format!("cannot call {model}.{} with ids", method.name);
        return Err(Exception::arguments(message));
    }
    call(model, method, &ids, body, context, str::to_owned)
}

fn call(
    model: &str,
    method: &'static Method,
    ids: &Value,
    arguments: Map<String, Value>,
    context: Value,
    say: impl Fn(&str) -> String,
) -> Result<Call, Exception> {
    // What `message_post` takes besides goes on into the message.
    let known = |name: &str| method.parameters.contains(&name) || method.name == "message_post";
    if let Some(name) = arguments.keys().find(|name| !known(name)) {
        let what = format!("got an unexpected keyword argument '{name}'");
        return Err(Exception::arguments(say(&what)));
    }
    let mut needed = method.parameters.iter().take(method.needed);
    if let Some(name) = needed.find(|name| !arguments.contains_key(**name)) {
        let what = format!("missing a required argument: '{name}'");
        return Err(Exception::arguments(say(&what)));
    }
    let ids = match ids {
        Value::Array(ids) => ids.iter().filter_map(Value::as_i64).collect(),
        Value::Number(id) => id.as_i64().into_iter().collect(),
        _ => Vec::new(),
    };
    let creates_many = arguments.get("vals_list").is_some_and(Value::is_array);
    Ok(Call {
        model: model.to_owned(),
        method,
        ids,
        arguments,
        context,
        creates_many,
    })
}
