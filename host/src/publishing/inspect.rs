//! What an upload is, told before it is published.
//!
//! A publish that stops before anything is kept: the same unpacking, the same manifest, and the same kind of worker for
//! whatever parses a stranger's bytes.

mod advice;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use spaces::SpaceId;
use spaces::inspection::{InspectedApp, InspectedFile, Inspection, Problem};
use spaces::manifest::Engine;
use spaces::store::AppKind;
use spaces::store::bundle::{Bundle, BundleFile, BundleLimits};
use spaces::view::{ErrorBody, Step};
use tokio::sync::mpsc;

use super::job_folder::JobFolder;
use super::worker_process::run_worker;
use super::{Received, Recipe, body, internal, over_limit, resolve, unpack_upload, worker_died};
use crate::app::App;
use crate::blocking;
use crate::worker::{InspectJob, InspectedModel, Job, WorkerEvent};
use advice::advice;

/// A space that cannot be there: it has no config.
const NOWHERE: (&str, &str) = ("nobody", "untitled");

impl App {
    /// Looks into an upload that was sent as `filename`.
    ///
    /// # Errors
    /// Only where the server is at fault; what is wrong with the upload is a part of the answer.
    pub(crate) async fn inspect(
        self: &Arc<Self>,
        filename: &str,
        received: &Received,
    ) -> Result<Inspection, ErrorBody> {
        let mut inspection = Inspection::default();
        match self.look(filename, received, &mut inspection).await {
            Ok(()) => Ok(inspection),
            Err(error) if error.code == "internal" => Err(error),
            Err(ErrorBody { code, message, field, .. }) => {
                let kind = inspection.app.as_ref().map(|app| app.kind);
                inspection.problems.push(Problem { advice: advice(&code, &message, kind), code, message, field });
                Ok(inspection)
            }
        }
    }

    async fn look(
        self: &Arc<Self>,
        filename: &str,
        received: &Received,
        inspection: &mut Inspection,
    ) -> Result<(), ErrorBody> {
        let limits = BundleLimits { max_unpacked_bytes: self.args.max_upload_bytes(), ..BundleLimits::default() };
        let unpacked = unpack_upload(&received.file, filename, &received.draft, limits).await?;
        let recipe = resolve(unpacked)?;
        let Recipe { bundle, manifest } = &recipe;
        let file = |file: &BundleFile| InspectedFile { path: file.name.clone(), size_bytes: file.size_bytes };
        inspection.files = bundle.assets.iter().map(file).collect();
        inspection.manifest = manifest.clone();
        inspection.app = Some(InspectedApp {
            name: bundle.app.name.clone(),
            kind: bundle.kind,
            size_bytes: bundle.app.size_bytes,
            model: None,
        });
        self.limits.grant(&manifest.limits).map_err(over_limit)?;
        let space = SpaceId::new(NOWHERE.0, NOWHERE.1).expect("a valid name");
        match bundle.kind {
            AppKind::Component if manifest.engine == Engine::Sandbox => {
                let made = self.make_artefact(&space, &recipe, &received.draft, None).await;
                let made = made.map_err(|failure| failure.error)?;
                inspection.interface = Some(made.interface);
            }
            AppKind::Component => {
                let message = "an app that calls models natively is only tried when it is published";
                return Err(body("native_not_inspected", message.to_owned(), Some("engine")));
            }
            AppKind::Onnx => {
                let InspectedModel { facts, space, refused } = self.look_into_model(&recipe, received).await?;
                if let Some(app) = &mut inspection.app {
                    app.model = facts;
                }
                if let Some((interface, manifest)) = space {
                    (inspection.interface, inspection.manifest) = (Some(interface), manifest);
                }
                if let Some((code, message)) = refused {
                    return Err(body(&code, message, None));
                }
            }
        }
        Ok(())
    }

    async fn look_into_model(&self, recipe: &Recipe, received: &Received) -> Result<InspectedModel, ErrorBody> {
        let (root, user, bundle) = (received.draft.path().to_owned(), self.worker_limits.user, recipe.bundle.clone());
        let gathered = blocking::run(move || gather(&root, user, bundle)).await;
        let (folder, assets) = gathered.map_err(|error| internal(Step::Validate, &error).error)?;
        let job = Job::Inspect(Box::new(InspectJob { manifest: recipe.manifest.clone(), assets }));
        let (sender, mut events) = mpsc::channel(1);
        let worker = run_worker(&job, folder.root(), &self.worker_limits, self.args.publish_deadline(), sender);
        let last = async {
            let mut last = None;
            while let Some(event) = events.recv().await {
                last = Some(event);
            }
            last
        };
        let (ended, last) = tokio::join!(worker, last);
        match last {
            Some(WorkerEvent::Inspected(found)) => Ok(*found),
            Some(WorkerEvent::Failed { error, .. }) => Err(error),
            _ => Err(worker_died(Step::Validate, ended).error),
        }
    }
}

fn gather(root: &Path, user: Option<u32>, bundle: Bundle) -> std::io::Result<(JobFolder, BTreeMap<String, PathBuf>)> {
    let mut folder = JobFolder::new(root, user)?;
    let mut assets = BTreeMap::new();
    for file in bundle.assets.into_iter().chain([bundle.app]) {
        assets.insert(file.name, folder.input(&file.path)?);
    }
    Ok((folder, assets))
}
