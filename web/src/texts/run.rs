//! Running the app: its button, what is said meanwhile and afterwards, examples, and what was run before.

pub(crate) const RUN: &str = "Run";
pub(crate) const RUNNING: &str = "Running…";
pub(crate) const CANCEL: &str = "Cancel";
pub(crate) const NO_INPUTS: &str = "No inputs: just run it.";
/// Of an endpoint that events call.
pub(crate) const RUNS_BY_ITSELF: &str = "Runs by itself.";

pub(crate) fn inputs_of(endpoint: &str) -> String {
    format!("Inputs of {endpoint}")
}

pub(crate) const PROGRESS: &str = "Progress";
pub(crate) const NEXT_IN_LINE: &str = "Next in line";

/// `position` counts from 1; see [`NEXT_IN_LINE`] for that.
pub(crate) fn in_line(position: usize) -> String {
    let ending = match (position % 100, position % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{position}{ending} in line")
}

/// An estimate, such as of `6 s`.
pub(crate) fn time_left(time: &str) -> String {
    format!("about {time} left")
}

pub(crate) const CANCELLED: &str = "Cancelled.";

pub(crate) fn done_in(time: &str) -> String {
    format!("Done in {time}")
}

/// Behind [`done_in`]: the call without its ways.
pub(crate) fn of_model(time: &str) -> String {
    format!(" · model {time}")
}

/// Behind [`of_model`].
pub(crate) fn used(cpu_time: &str, memory: &str) -> String {
    format!(" · CPU {cpu_time} · memory {memory}")
}

/// What a call's time was made of.
pub(crate) fn breakdown([queue, instance, call, total]: [String; 4]) -> String {
    format!("queue {queue}, fresh instance {instance}, call {call}, server total {total}")
}

/// Behind the code of an error.
pub(crate) fn error_request(id: &str) -> String {
    format!(" · request {id}")
}

pub(crate) const FROM_LAST_RUNS: &str = "From your last runs. Nothing has run now.";
pub(crate) const CACHED: &str = "cached";
/// Behind `CACHED`.
pub(crate) const CACHED_AFTER: &str = " What this example gave when it was published. Nothing has run now.";

pub(crate) const COPY: &str = "Copy";
pub(crate) const COPIED: &str = "Copied";
pub(crate) const COPY_LINK: &str = "Copy link";
pub(crate) const COPY_DETAILS: &str = "Copy details";
/// Behind `COPY_LINK`, for those who do not see where the button stands; so is the next.
pub(crate) const COPY_LINK_AFTER: &str = "a link with these inputs";
pub(crate) const COPY_DETAILS_AFTER: &str = "of the error";

/// Before the title of an example, for those who do not see that it is a button.
pub(crate) const LOAD_EXAMPLE_BEFORE: &str = "Load the example ";
/// How an example's tick is told.
pub(crate) const YES: &str = "yes";
pub(crate) const NO: &str = "no";

pub(crate) fn n_rows(n: usize) -> String {
    format!("{n} rows")
}

pub(crate) const LAST_RUNS: &str = "Your last runs";
/// Before the moment of a run, for those who do not see that it is a button.
pub(crate) const BRING_BACK_BEFORE: &str = "Bring back the run of ";
pub(crate) const FILE_NOT_KEPT: &str = "The file is not kept: choose it again to run it.";
pub(crate) const ANSWER_NOT_KEPT: &str = "The answer was too large to keep.";
/// Before `CLEAR`.
pub(crate) const RUNS_STAY_HERE: &str = "They stay in this browser until you close the tab. ";
pub(crate) const CLEAR: &str = "Clear";

pub(crate) const TELL_AUTHOR: &str = "Tell the author";
pub(crate) const FLAG: &str = "Flag";
pub(crate) const FLAGGED: &str = "Flagged: the author sees these inputs and outputs.";

pub(crate) fn flag_as(reason: &str) -> String {
    format!("Flag as {reason}")
}

/// Ways through steps that an author has laid out.
pub(crate) const STEP_BACK: &str = "Back";
pub(crate) const STEP_NEXT: &str = "Next";
