//! `vitrine:space/assets`.

use crate::state::{AssetError, GuestState};
use crate::wit::assets::{Error, Host};

impl Host for GuestState {
    fn read(&mut self, path: String) -> Result<Vec<u8>, Error> {
        // From a disk, so others that wait for this thread go elsewhere.
        tokio::task::block_in_place(|| self.env.assets.read(&path)).map_err(|error| match error {
            AssetError::NotFound(message) => Error::NotFound(message),
            AssetError::Unavailable(message) => Error::Unavailable(message),
        })
    }

    fn list_paths(&mut self) -> Vec<String> {
        self.env.assets.paths()
    }
}
