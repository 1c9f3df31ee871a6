//! The key under which everything sealed stands, kept outside the database.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use counterpart_model::{Code, Entropy};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// The length of a key in bytes.
pub(crate) const KEY_LENGTH: usize = 32;

/// No key file or output of a key command is longer, in bytes.
const LONGEST_TEXT: u64 = 1_024;

/// How long a command that prints the key may take.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(30);

/// The master key, 32 bytes. Wiped from memory when dropped; `Debug` shows its id only.
pub struct MasterKey(Zeroizing<[u8; KEY_LENGTH]>);

/// There is no usable master key.
#[derive(Debug, thiserror::Error)]
pub enum MasterKeyError {
    /// The file is not there.
    #[error(
        "the master key `{path}` is missing; restore it from its backup or set COUNTERPART_MASTER_KEY"
    )]
    Missing {
        /// Where it should be.
        path: PathBuf,
    },
    /// Others than the owner may read or change the file.
    #[error(
        "the master key `{path}` may be used by others (mode {mode:03o}); run `chmod 600 {path}`"
    )]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The file cannot be read.
    #[error("the master key `{path}` cannot be read: {source}; check its owner and permissions")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file cannot be created.
    #[error(
        "the master key `{path}` cannot be created: {source}; check that the folder may be written"
    )]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// What should be the key is none.
    #[error("{origin} is not a master key; it must be 32 bytes in Base64 (44 characters)")]
    Malformed {
        /// Where the text came from, for example `COUNTERPART_MASTER_KEY`.
        origin: String,
    },
    /// The command that should print the key failed.
    #[error("the command of COUNTERPART_MASTER_KEY_COMMAND {reason}; run it by hand as this user")]
    Command {
        /// How it failed.
        reason: String,
    },
    /// Both a key and a command were given.
    #[error("COUNTERPART_MASTER_KEY and COUNTERPART_MASTER_KEY_COMMAND are both set; unset one")]
    Both,
}

impl MasterKeyError {
    /// The stable code of this error.
    pub const fn code(&self) -> Code {
        match self {
            Self::Missing { .. } | Self::Command { .. } => Code::KeyMissing,
            Self::Exposed { .. } | Self::Unreadable { .. } => Code::FileUnreadable,
            Self::Unwritable { .. } => Code::FileUnwritable,
            Self::Malformed { .. } => Code::KeyWrong,
            Self::Both => Code::Usage,
        }
    }
}

impl MasterKey {
    /// A new random key.
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let mut key = Zeroizing::new([0; KEY_LENGTH]);
        entropy.fill(&mut *key);
        Self(key)
    }

    /// The key of a Base64 text of 32 bytes; white space around it is ignored. `origin` names the
    /// text in the error.
    pub fn from_base64(text: &SecretString, origin: &str) -> Result<Self, MasterKeyError> {
        let malformed = || MasterKeyError::Malformed {
            origin: origin.to_owned(),
        };
        let mut key = Zeroizing::new([0; KEY_LENGTH]);
        // One byte longer than a key, so that a longer text is noticed.
        let mut decoded = Zeroizing::new([0; KEY_LENGTH + 1]);
        let length = STANDARD
            .decode_slice(text.expose_secret().trim(), &mut *decoded)
            .map_err(|_| malformed())?;
        if length != KEY_LENGTH {
            return Err(malformed());
        }
        key.copy_from_slice(&decoded[..KEY_LENGTH]);
        Ok(Self(key))
    }

    /// The key that the environment gives: `value` is what `COUNTERPART_MASTER_KEY` holds,
    /// `command` what `COUNTERPART_MASTER_KEY_COMMAND` does, a shell command that prints the key
    /// within 30 s. `None` if neither is set; then it is the file's turn.
    pub async fn from_environment(
        value: Option<SecretString>,
        command: Option<&str>,
    ) -> Result<Option<Self>, MasterKeyError> {
        match (value, command) {
            (Some(_), Some(_)) => Err(MasterKeyError::Both),
            (Some(value), None) => Self::from_base64(&value, "COUNTERPART_MASTER_KEY").map(Some),
            (None, Some(command)) => Self::from_command(command).await.map(Some),
            (None, None) => Ok(None),
        }
    }

    async fn from_command(command: &str) -> Result<Self, MasterKeyError> {
        let failed = |reason: String| MasterKeyError::Command { reason };
        let output = tokio::process::Command::new("sh")
            .args(["-c", command])
            .stdin(Stdio::null())
            // Its complaints are for the operator who started the service, not for a report.
            .stderr(Stdio::inherit())
            .kill_on_drop(true)
            .output();
        let output = tokio::time::timeout(COMMAND_TIMEOUT, output)
            .await
            .map_err(|_| {
                failed(format!(
                    "did not end within {} s",
                    COMMAND_TIMEOUT.as_secs()
                ))
            })?
            .map_err(|error| failed(format!("cannot be started ({error})")))?;
        let printed = Zeroizing::new(output.stdout);
        if !output.status.success() {
            return Err(failed(format!("failed ({})", output.status)));
        }
        let origin = "what the command of COUNTERPART_MASTER_KEY_COMMAND printed";
        let text = str::from_utf8(&printed).map_err(|_| MasterKeyError::Malformed {
            origin: origin.to_owned(),
        })?;
        Self::from_base64(&text.into(), origin)
    }

    /// The key in a file that must be there already. A file that others than its owner may use is
    /// refused.
    pub fn load(path: &Path) -> Result<Self, MasterKeyError> {
        let unreadable = |source: io::Error| match source.kind() {
            io::ErrorKind::NotFound => MasterKeyError::Missing { path: path.into() },
            _ => MasterKeyError::Unreadable {
                path: path.into(),
                source,
            },
        };
        let file = File::open(path).map_err(unreadable)?;
        check_mode(path, &file)?;
        let mut text = Zeroizing::new(String::new());
        file.take(LONGEST_TEXT)
            .read_to_string(&mut text)
            .map_err(unreadable)?;
        let origin = format!("the file `{}`", path.display());
        Self::from_base64(&text.as_str().into(), &origin)
    }

    /// The key in a file; a new one with mode 0600 is made if the file is not there. Only for a
    /// data folder that holds nothing sealed: elsewhere a missing key must be noticed, by
    /// [`MasterKey::load`].
    pub fn load_or_create(path: &Path, entropy: &dyn Entropy) -> Result<Self, MasterKeyError> {
        match Self::load(path) {
            Err(MasterKeyError::Missing { .. }) => {}
            other => return other,
        }
        let key = Self::generate(entropy);
        match key.create_file(path) {
            Ok(()) => Ok(key),
            // Another process was faster; its key counts.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Self::load(path),
            Err(source) => Err(MasterKeyError::Unwritable {
                path: path.into(),
                source,
            }),
        }
    }

    fn create_file(&self, path: &Path) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        let mut text = Zeroizing::new(STANDARD.encode(*self.0));
        text.push('\n');
        let written = file
            .write_all(text.as_bytes())
            .and_then(|()| file.sync_all())
            .and_then(|()| sync_folder(path));
        if written.is_err() {
            // Half a key would be taken for a damaged one at the next start. That the removal
            // fails too changes nothing about what is reported.
            let _ = std::fs::remove_file(path);
        }
        written
    }

    /// The key's id: the first 8 hexadecimal digits of a SHA-256 over a purpose and the key. It
    /// tells keys apart and gives nothing of them away.
    pub fn id(&self) -> String {
        let digest = Sha256::new()
            .chain_update(b"counterpart master key id v1\0")
            .chain_update(*self.0)
            .finalize();
        crate::vault::hex(&digest[..4])
    }

    pub(crate) fn bytes(&self) -> &[u8; KEY_LENGTH] {
        &self.0
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MasterKey({})", self.id())
    }
}

/// Makes a new file's name last: a database that survives a power cut with secrets in it must not
/// have lost its key.
fn sync_folder(path: &Path) -> io::Result<()> {
    if !cfg!(unix) {
        // Folders cannot be opened as files elsewhere.
        return Ok(());
    }
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

/// Refuses a file that its group or others may read or write.
#[cfg(unix)]
fn check_mode(path: &Path, file: &File) -> Result<(), MasterKeyError> {
    use std::os::unix::fs::PermissionsExt as _;

    const BEYOND_OWNER: u32 = 0o077;

    let metadata = file
        .metadata()
        .map_err(|source| MasterKeyError::Unreadable {
            path: path.into(),
            source,
        })?;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & BEYOND_OWNER == 0 {
        Ok(())
    } else {
        Err(MasterKeyError::Exposed {
            path: path.into(),
            mode,
        })
    }
}

/// Other systems have no mode bits; who may use the file is up to the folder's access list.
#[cfg(not(unix))]
#[expect(
    clippy::unnecessary_wraps,
    reason = "the twin of the check where modes exist"
)]
fn check_mode(_path: &Path, _file: &File) -> Result<(), MasterKeyError> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::counting::Counting;

    fn entropy() -> Counting {
        Counting::from(1)
    }

    #[test]
    fn a_created_key_is_found_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("master.key");
        let created = MasterKey::load_or_create(&path, &entropy()).expect("created");
        let other = Counting::from(99);
        let loaded = MasterKey::load_or_create(&path, &other).expect("loaded");
        assert_eq!(created.bytes(), loaded.bytes());
        assert_eq!(created.id(), loaded.id());
        assert_eq!(created.id().len(), 8);
    }

    #[cfg(unix)]
    #[test]
    fn the_file_is_the_owners_alone_and_another_is_refused() {
        use std::fs::{Permissions, metadata, set_permissions};
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("master.key");
        MasterKey::load_or_create(&path, &entropy()).expect("created");
        let mode = metadata(&path).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        for mode in [0o640, 0o604, 0o620, 0o666] {
            set_permissions(&path, Permissions::from_mode(mode)).expect("owner");
            let error = MasterKey::load_or_create(&path, &entropy()).expect_err("exposed");
            assert!(error.to_string().contains("chmod 600"), "{error}");
        }
        set_permissions(&path, Permissions::from_mode(0o400)).expect("owner");
        MasterKey::load(&path).expect("read-only is as good");
    }

    #[test]
    fn a_missing_file_is_not_made_up_for_by_load() {
        let folder = tempfile::tempdir().expect("a folder");
        let error = MasterKey::load(&folder.path().join("master.key")).expect_err("missing");
        assert_eq!(error.code(), Code::KeyMissing);
    }

    #[test]
    fn a_file_in_a_missing_folder_names_the_remedy() {
        let path = Path::new("/nonexistent-folder/master.key");
        let error = MasterKey::load_or_create(path, &entropy()).expect_err("no folder");
        assert_eq!(error.code(), Code::FileUnwritable);
    }

    #[test]
    fn texts_that_are_no_key_are_refused_without_being_quoted() {
        let short = STANDARD.encode([7; 31]);
        let long = STANDARD.encode([7; 33]);
        let very_long = STANDARD.encode([7; 300]);
        for text in ["", "hunter2", &short, &long, &very_long] {
            let error = MasterKey::from_base64(&text.into(), "the test").expect_err("no key");
            assert_eq!(error.code(), Code::KeyWrong);
            assert!(text.is_empty() || !error.to_string().contains(text));
        }
    }

    #[tokio::test]
    async fn the_environment_gives_a_key_by_value_or_command() {
        let text = STANDARD.encode([7; KEY_LENGTH]);
        let value = MasterKey::from_environment(Some(text.as_str().into()), None)
            .await
            .expect("a key")
            .expect("set");
        let command = format!("echo {text}");
        let printed = MasterKey::from_environment(None, Some(&command))
            .await
            .expect("a key")
            .expect("set");
        assert_eq!(value.bytes(), printed.bytes());
        let neither = MasterKey::from_environment(None, None).await;
        assert!(matches!(neither, Ok(None)));
        let both = MasterKey::from_environment(Some(text.into()), Some("true")).await;
        assert!(matches!(both, Err(MasterKeyError::Both)));
    }

    #[tokio::test]
    async fn a_failing_command_is_told_from_one_that_prints_no_key() {
        let failed = MasterKey::from_environment(None, Some("exit 3")).await;
        assert!(matches!(failed, Err(MasterKeyError::Command { .. })));
        let silent = MasterKey::from_environment(None, Some("true")).await;
        assert!(matches!(silent, Err(MasterKeyError::Malformed { .. })));
    }

    #[test]
    fn debug_shows_no_key() {
        let key = MasterKey::generate(&entropy());
        assert_eq!(format!("{key:?}"), format!("MasterKey({})", key.id()));
    }
}
