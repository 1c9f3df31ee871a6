//! A running server in place of the data folder: `--url` and `--token`.
//!
//! What a command does stays the same; the server does it, under the role of the token. Answers
//! that are problems become the errors that they were on the server.

use counterpart_model::Code;
use counterpart_outbound::{Client, ClientOptions, Network, OutboundError, Request, Response};
use counterpart_service::error::FieldError;
use counterpart_service::{Error, Result};
use secrecy::SecretString;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::Url;

use crate::cli::Global;

/// Addresses that a server of one's own may have, over plain http too: this machine and private
/// networks (RFC 1918, RFC 4193). Elsewhere the token needs https.
const OWN_NETWORKS: [&str; 6] = [
    "127.0.0.0/8",
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "::1/128",
    "fc00::/7",
];

/// The status of a change that waits for a second person.
const ACCEPTED: u16 = 202;

/// The largest answer that is read, in bytes: an export of a million mappings.
const LARGEST_ANSWER: usize = 1 << 30;

/// A server, and the organization of the token.
pub(crate) struct Remote {
    client: Client,
    /// Below it is everything of the organization; ends with a slash.
    base: Url,
    token: SecretString,
}

/// Something with a name and an id.
#[derive(Debug, Deserialize)]
struct Named {
    id: String,
    name: String,
}

#[derive(Debug, Deserialize)]
struct List {
    items: Vec<Named>,
}

/// That a change waits, as the server tells it.
#[derive(Debug, Deserialize)]
struct ToldWaiting {
    detail: String,
}

/// A problem as the server tells it.
#[derive(Debug, Deserialize)]
struct Told {
    code: String,
    detail: String,
    #[serde(default)]
    errors: Vec<ToldField>,
}

#[derive(Debug, Deserialize)]
struct ToldField {
    field: String,
    message: String,
}

impl Remote {
    /// The server that the command line names; `None` when it names none.
    pub(crate) async fn of(global: &Global) -> Result<Option<Self>> {
        let Some(url) = &global.url else {
            return Ok(None);
        };
        let token = global.token.clone().ok_or_else(|| {
            Error::new(
                Code::Usage,
                "a server wants a token: make one with `counterpart token create` and give it \
                 by --token or COUNTERPART_TOKEN",
            )
        })?;
        let own = OWN_NETWORKS.iter().filter_map(|text| text.parse().ok());
        let allowed_networks: Vec<Network> = own.chain(global.allow.iter().copied()).collect();
        let client = Client::new(ClientOptions {
            allowed_networks,
            largest_body: LARGEST_ANSWER,
            ..ClientOptions::default()
        })
        .map_err(|error| no_answer(&error))?;
        let mut base = url.clone();
        base.set_query(None);
        if !base.path().ends_with('/') {
            let path = format!("{}/", base.path());
            base.set_path(&path);
        }
        let mut remote = Self {
            client,
            base: join(&base, "api/v1/")?,
            token,
        };
        let list: List = remote.read(remote.request("organizations", &[])?).await?;
        let wanted = global.organization.as_deref();
        let found = list.items.into_iter().find(|it| {
            wanted.is_none_or(|wanted| it.id == wanted || it.name.eq_ignore_ascii_case(wanted))
        });
        let organization = found.ok_or_else(|| {
            let wanted = wanted.unwrap_or_default();
            Error::new(
                Code::OrganizationNotFound,
                format!("the token does not open the organization `{wanted}`"),
            )
        })?;
        remote.base = join(&remote.base, &format!("organizations/{}/", organization.id))?;
        Ok(Some(remote))
    }

    /// The id of the connection of a name or id.
    pub(crate) async fn connection(&self, name: &str) -> Result<String> {
        let list: List = self.read(self.request("connections", &[])?).await?;
        let folded = counterpart_model::folding::fold(name);
        let mut found = list
            .items
            .into_iter()
            .filter(|it| it.id == name || counterpart_model::folding::fold(&it.name) == folded);
        found.next().map(|it| it.id).ok_or_else(|| {
            Error::new(
                Code::RequestNotFound,
                format!("there is no connection `{name}`"),
            )
        })
    }

    /// Every connection: id and name.
    pub(crate) async fn connections(&self) -> Result<Vec<(String, String)>> {
        let list: List = self.get("connections", &[]).await?;
        Ok(list.items.into_iter().map(|it| (it.id, it.name)).collect())
    }

    /// What is said at a path of the organization.
    pub(crate) async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        asked: &[(&str, &str)],
    ) -> Result<T> {
        self.read(self.request(path, asked)?).await
    }

    /// Sends a wish to a path of the organization, and reads what is said about it.
    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        wish: &serde_json::Value,
    ) -> Result<T> {
        let request = Request::post(join(&self.base, path)?);
        self.read(request.json(wish)).await
    }

    /// What stands at a path of the organization, as it is.
    pub(crate) async fn download(&self, path: &str, asked: &[(&str, &str)]) -> Result<Vec<u8>> {
        let response = self.send(self.request(path, asked)?).await?;
        Ok(response.body().to_vec())
    }

    /// Sends a file to a path of the organization, and reads what is said about it.
    pub(crate) async fn upload<T: DeserializeOwned>(
        &self,
        path: &str,
        asked: &[(&str, &str)],
        file: Vec<u8>,
    ) -> Result<T> {
        let mut request = Request::post(join(&self.base, path)?);
        for (name, value) in asked {
            request = request.query(name, value);
        }
        self.read(request.body("application/octet-stream", file))
            .await
    }

    fn request(&self, path: &str, asked: &[(&str, &str)]) -> Result<Request> {
        let mut request = Request::get(join(&self.base, path)?);
        for (name, value) in asked {
            request = request.query(name, value);
        }
        Ok(request)
    }

    async fn read<T: DeserializeOwned>(&self, request: Request) -> Result<T> {
        let response = self.send(request).await?;
        serde_json::from_slice(response.body()).map_err(|error| {
            Error::new(
                Code::ConnectionUnexpectedAnswer,
                format!(
                    "the server answers otherwise than expected ({error}); is it of the same \
                     version?"
                ),
            )
        })
    }

    async fn send(&self, request: Request) -> Result<Response> {
        let response = self
            .client
            .send(request.bearer(&self.token))
            .await
            .map_err(|error| no_answer(&error))?;
        if response.status() == ACCEPTED {
            return Err(waiting(&response));
        }
        if response.is_success() {
            return Ok(response);
        }
        Err(problem(&response))
    }
}

fn join(base: &Url, path: &str) -> Result<Url> {
    base.join(path)
        .map_err(|error| Error::new(Code::Usage, format!("--url {base}: {error}")))
}

/// That the change waits for a second person.
fn waiting(response: &Response) -> Error {
    let told = serde_json::from_slice::<ToldWaiting>(response.body());
    let detail = told.map_or_else(
        |_| "the change waits for a second person".to_owned(),
        |told| told.detail,
    );
    Error::new(Code::ChangeSetWaiting, detail)
}

fn no_answer(error: &OutboundError) -> Error {
    Error::new(error.code(), error.to_string())
}

/// The error that the server told.
fn problem(response: &Response) -> Error {
    let Ok(told) = serde_json::from_slice::<Told>(response.body()) else {
        let detail = format!(
            "the server answers {} and no reason; is --url that of a Counterpart?",
            response.status()
        );
        return Error::new(Code::ConnectionUnexpectedAnswer, detail);
    };
    let Ok(code) = told.code.parse::<Code>() else {
        let detail = format!("{}: {}", told.code, told.detail);
        return Error::new(Code::ConnectionUnexpectedAnswer, detail);
    };
    if told.errors.is_empty() {
        return Error::new(code, told.detail);
    }
    let fields = told.errors.into_iter().map(|field| FieldError {
        field: field.field,
        message: field.message,
    });
    Error::with_fields(code, fields.collect())
}
