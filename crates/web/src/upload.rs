//! Files that a form sends.
//!
//! Nothing is kept between showing what a file would change and changing it: the page that shows
//! it carries the file itself.

use std::collections::BTreeMap;

use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use counterpart_model::Code;
use counterpart_service::Error;

/// The largest file, in bytes: some 50,000 rows.
const LARGEST_FILE: usize = 8 << 20;

/// The largest request: a file as text, with room for the form around it.
pub(crate) const LARGEST_REQUEST: usize = LARGEST_FILE / 3 * 4 + (64 << 10);

/// A form with a file.
#[derive(Debug, Default)]
pub(crate) struct Upload {
    /// The bytes of the field `file`.
    pub(crate) file: Vec<u8>,
    /// The other fields.
    pub(crate) fields: BTreeMap<String, String>,
}

impl Upload {
    /// What the field of a name holds; empty for none.
    pub(crate) fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// Reads a form. A file that is missing, empty or too large is a problem of its field.
    pub(crate) async fn read(request: Request) -> Result<Self, Error> {
        let mut form = Multipart::from_request(request, &())
            .await
            .map_err(|error| Error::new(Code::RequestInvalid, error.to_string()))?;
        let mut upload = Self::default();
        let mut seen = false;
        while let Some(field) = form.next_field().await.map_err(|error| broken(&error))? {
            let name = field.name().unwrap_or_default().to_owned();
            if name == "file" {
                seen = true;
                upload.file = field
                    .bytes()
                    .await
                    .map_err(|error| broken(&error))?
                    .to_vec();
            } else {
                let value = field.text().await.map_err(|error| broken(&error))?;
                upload.fields.insert(name, value);
            }
        }
        match upload.file.len() {
            _ if !seen => Err(Error::field(Code::FileUnreadable, "file", "choose a file")),
            0 => Err(Error::field(
                Code::FileEmpty,
                "file",
                "choose a file that holds something",
            )),
            size if size > LARGEST_FILE => Err(too_large()),
            _ => Ok(upload),
        }
    }
}

fn broken(error: &MultipartError) -> Error {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return too_large();
    }
    Error::new(
        Code::FileUnreadable,
        format!("the file did not arrive: {error}"),
    )
}

fn too_large() -> Error {
    let most = LARGEST_FILE >> 20;
    Error::field(
        Code::FileTooLarge,
        "file",
        format!("use at most {most} MB; split the file"),
    )
}

/// A file as a page carries it.
pub(crate) fn carried(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// The file that a page carried.
pub(crate) fn received(carried: &str) -> Result<Vec<u8>, Error> {
    STANDARD.decode(carried).map_err(|_| {
        Error::new(
            Code::RequestInvalid,
            "the file did not arrive whole; choose it again",
        )
    })
}
