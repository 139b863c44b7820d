//! A chart renderer: loads a chart, merges values, checks them, renders every template, and writes plain
//! manifests or a package that Helm installs.
//!
//! # The way of the data
//!
//! ```text
//! argv ─▶ cli ─▶ request
//!                  │
//!     chart::load  │  values::coalesce       template           manifest             output
//! dir | embedded ─▶ defaults ← overrides ─▶ rendered files ─▶ split, select, sort ─▶ stdout | dir | .tgz
//! ```
//!
//! [`render`] is this picture as code. Nothing flows back.
//!
//! # Invariants
//!
//! - Only [`cli`] knows clap, the terminal, the environment and the current directory.
//! - Only [`chart`] reads charts from disk; only [`package`] and [`manifest`] write. Values, templates and
//!   sorting are pure functions: the same inputs give the same bytes on any machine.
//! - [`template`]'s functions know no engine; the engines do not know each other.
//! - Credentials never reach a message: sensitive sources are masked in [`diagnostic`].
//! - Imports point only down the list of modules below; `tests/` holds that table.
//!
//! # Choices that are not obvious
//!
//! - [`yaml`] has a parser of its own: the YAML libraries at hand refuse or accept other texts than Helm does, or
//!   panic on some. It is proved against Helm case by case.
//! - Large files of a chart that are no templates stay open and unread until a template, a package or `--include-crds`
//!   asks for them: documents and CRDs are most of a large chart.
//! - Numbers from YAML keep every digit in [`yaml::Number`] and still know that Helm would make them floats.
//! - Values that surely fit their schema never reach the schema library, whose preparation costs more than a whole
//!   rendering; whatever is in doubt goes to it, and all messages come from there.
//! - A template that fails is rendered once more with traces of macro calls: only an error pays for them.
//! - Templates are parsed by two threads while values are checked. The nodes of Go templates hold no text and lie side by
//!   side: what a run asks of the memory is most of its time. Where all are Jinja, two threads render them, each with values of
//!   its own; if a template writes to its values, so that a later one could see it, one thread renders them again in
//!   order, and manifests are read while the next template is rendered. So the order of threads cannot be seen.
//! - Go templates run on an executor of our own over [`yaml::Value`], since `set` and its kin change values in place and
//!   every holder must see it; Go's other types are [`yaml::Object`]s. A map from the output to the templates is always
//!   kept: rendering once more would see changed values.
//! - Go's texts are bytes. [`bytes`] carries what is no UTF-8 inside ordinary texts, so that nothing else need know.
//! - `template::compile` translates Jinja into Go templates with the types that the chart's schema states, because what
//!   Helm prints of a number depends on its type.
//! - [`check::kubernetes`] reads a table of every type of several minor versions instead of JSON schemas: a tenth of their
//!   size, and rules are attached to types, so that they hold wherever a value of the type stands.
//! - Packages are compressed by one implementation, not by whichever `flate2` has: the same bytes on any machine.
//! - The program has its own allocator and is linked statically: starting it and asking the kernel for memory would be
//!   a fifth of a run.
//!
//! # Where do I add …
//!
//! | to add | touch |
//! | --- | --- |
//! | a template function | one entry, with examples, in `template/functions/<group>.rs` |
//! | a command | `cli/<command>.rs` and one variant in `cli::Command` |
//! | a flag | its `Args` struct and the request struct it fills |
//! | a golden case | a folder under `testdata/`; no Rust |
//! | a bundled chart | a folder each under `chart/`, `templates/` and `values/` |

pub mod bytes;
pub mod capabilities;
pub mod chart;
pub mod check;
pub mod cli;
pub mod diagnostic;
pub mod glob;
pub mod manifest;
pub mod output;
pub mod package;
pub mod release;
pub mod render;
pub mod source;
pub mod suggest;
pub mod template;
pub mod values;
pub mod yaml;
