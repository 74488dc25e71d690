//! Texts, turned into token ids with a Hugging Face tokenizer.

use spaces::interface::{Component, Field, TextType};
use spaces::manifest::{InputSpec, Padding, TextSpec};
use spaces::value::Value;
use tokenizers::{Encoding, PaddingDirection, Tokenizer, TruncationParams};
use tract_onnx::prelude::{DatumType, Tensor};

use super::{Binding, FieldParts, InputError, Resolved, invalid, required};
use crate::assets::Assets;
use crate::graph::{Axis, Port};
use crate::model::{FeedDim, FeedSpec, datum_type};
use crate::runner::CallError;

/// The graph input that takes the token ids.
pub(super) const DEFAULT_IDS: &str = "input_ids";
/// The tokenizer's file.
pub(super) const DEFAULT_TOKENIZER: &str = "tokenizer.json";
/// The most tokens of a text, special ones included.
const DEFAULT_MAX_LENGTH: u32 = 128;
/// The most that a manifest may ask for.
const MAX_MAX_LENGTH: u32 = 8192;
/// The most characters that are tokenized per token that is kept.
const MAX_CHARACTERS_PER_TOKEN: u32 = 64;
/// Visible lines of the field.
const DEFAULT_LINES: u32 = 3;
/// The name of the free sequence length, the same for ids, mask and types.
const LENGTH_SYMBOL: &str = "tokens";

/// Which tokens of each text count: true for those of the text, false for padding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenMask {
    /// One row a text, all of one length.
    pub rows: Vec<Vec<bool>>,
}

/// Fields that are the rows of one batch of token ids.
#[derive(Debug)]
pub(super) struct Texts {
    fields: Vec<usize>,
    tokenizer: Tokenizer,
    padding: Filler,
    /// The length of each row; none for the longest of the batch.
    length: Option<usize>,
    max_length: usize,
    ids: Target,
    mask: Option<Target>,
    types: Option<Target>,
}

/// What a row is filled up with.
#[derive(Debug, Clone, Copy)]
struct Filler {
    id: u32,
    type_id: u32,
    on_the_left: bool,
}

/// A graph input.
#[derive(Debug, Clone, Copy)]
struct Target {
    port: usize,
    dtype: DatumType,
}

pub(super) fn resolve(
    specs: &[(usize, &InputSpec)],
    spec: &TextSpec,
    ports: &[Port],
    index: usize,
    assets: &dyn Assets,
    resolved: &mut Resolved,
) -> Result<(Binding, Vec<FieldParts>), InputError> {
    let first = specs[0].1;
    let refuse = |problem: String| InputError::BadField { field: first.name.clone(), problem };
    let port = &ports[index];
    let [batch, length] = port.shape.as_slice() else {
        return Err(InputError::Mismatch {
            tensor: port.name.clone(),
            expected: format!("{} dimensions", port.shape.len()),
            given: "texts, which are [batch, tokens]".to_owned(),
        });
    };
    if let Axis::Fixed(size) = batch
        && *size != specs.len() as u64
    {
        return Err(InputError::Mismatch {
            tensor: port.name.clone(),
            expected: format!("{size} texts"),
            given: specs.len().to_string(),
        });
    }
    let mut max_length = spec.max_length.unwrap_or(DEFAULT_MAX_LENGTH);
    if !(1..=MAX_MAX_LENGTH).contains(&max_length) {
        return Err(refuse(format!("`max_length` {max_length} is not within 1 to {MAX_MAX_LENGTH}")));
    }
    let graph_length = match length {
        Axis::Fixed(size) => Some(usize::try_from(*size).unwrap_or(usize::MAX)),
        Axis::Named(_) | Axis::Free => None,
    };
    if let Some(size) = graph_length {
        let size = u32::try_from(size).unwrap_or(u32::MAX);
        if spec.max_length.is_some_and(|length| length > size) || size > MAX_MAX_LENGTH {
            return Err(refuse(format!("`max_length` {max_length} does not fit the {size} tokens of `{}`", port.name)));
        }
        max_length = max_length.min(size);
    }
    let (tokenizer, padding) = load_tokenizer(spec, max_length, assets).map_err(refuse)?;
    let max_length_padding = (spec.padding == Padding::MaxLength).then_some(max_length as usize);
    let mut texts = Texts {
        fields: specs.iter().map(|(field, _)| *field).collect(),
        tokenizer,
        padding,
        length: graph_length.or(max_length_padding),
        max_length: max_length as usize,
        ids: target(ports, index)?,
        mask: None,
        types: None,
    };
    let mut parts = Vec::with_capacity(specs.len());
    for (_, other) in specs {
        let spaces::manifest::InputKind::Text(text) = &other.kind else {
            return Err(refuse("only texts share a graph input with texts".to_owned()));
        };
        if (&text.tokenizer, text.max_length, text.padding) != (&spec.tokenizer, spec.max_length, spec.padding) {
            return Err(InputError::BadField {
                field: other.name.clone(),
                problem: format!("`tokenizer`, `max_length` and `padding` must be those of `{}`", first.name),
            });
        }
        let component = Component::Textbox {
            lines: text.lines.unwrap_or(DEFAULT_LINES),
            placeholder: text.placeholder.clone(),
            max_length: Some(max_length.saturating_mul(MAX_CHARACTERS_PER_TOKEN)),
            text_type: TextType::Text,
            copy: false,
        };
        parts.push((component, text.default.clone().map(Value::Text)));
    }
    let batch = specs.len();
    set_feed(&texts, index, ports, batch, resolved)?;
    for (name, default, is_mask) in
        [(&spec.attention_mask, "attention_mask", true), (&spec.token_types, "token_type_ids", false)]
    {
        let wanted = name.as_deref().unwrap_or(default);
        let Some(found) = ports.iter().position(|port| port.name == wanted) else {
            if name.is_some() {
                return Err(InputError::NoSuchTensor {
                    field: first.name.clone(),
                    tensor: wanted.to_owned(),
                    known: ports.iter().map(|port| port.name.clone()).collect(),
                });
            }
            continue;
        };
        set_feed(&texts, found, ports, batch, resolved)?;
        let target = Some(target(ports, found)?);
        if is_mask { texts.mask = target } else { texts.types = target }
    }
    Ok((Binding::Texts(Box::new(texts)), parts))
}

impl Texts {
    pub(super) fn fields(&self) -> &[usize] {
        &self.fields
    }

    /// Fills every row up to the most tokens from now on; false where the length is fixed already.
    pub(super) fn fix_length(&mut self, feeds: &mut [FeedSpec]) -> bool {
        if self.length.is_some() {
            return false;
        }
        self.length = Some(self.max_length);
        for target in [Some(self.ids), self.mask, self.types].into_iter().flatten() {
            feeds[target.port].shape[1] = FeedDim::Fixed(self.max_length);
        }
        true
    }

    pub(super) fn feed(
        &self,
        values: &[Value],
        fields: &[Field],
        tensors: &mut [Option<Tensor>],
    ) -> Result<TokenMask, CallError> {
        let mut encodings = Vec::with_capacity(self.fields.len());
        for &index in &self.fields {
            let field = &fields[index];
            let text = match &values[index] {
                Value::Text(text) => text.as_str(),
                Value::Null => return Err(required(field)),
                _ => return Err(invalid(field, "a text is required")),
            };
            // One by one: encoding a batch would start threads, which the sandbox has not.
            let encoding = self.tokenizer.encode(text, true).map_err(|error| invalid(field, error.to_string()))?;
            encodings.push(encoding);
        }
        let longest = encodings.iter().map(Encoding::len).max().unwrap_or_default();
        let length = self.length.unwrap_or(longest.max(1));
        let shape = [encodings.len(), length];
        let filler = self.padding;
        let rows = |of: fn(&Encoding) -> &[u32], fill: u32| -> Vec<i64> {
            encodings.iter().flat_map(|encoding| padded(of(encoding), length, fill, filler.on_the_left)).collect()
        };
        let mask = rows(Encoding::get_attention_mask, 0);
        let token_mask =
            TokenMask { rows: mask.chunks_exact(length).map(|row| row.iter().map(|&on| on != 0).collect()).collect() };
        let mut put = |target: Target, numbers: &[i64]| -> Result<(), CallError> {
            let tensor = Tensor::from_shape(&shape, numbers)
                .and_then(|tensor| Ok(tensor.cast_to_dt(target.dtype)?.into_owned()))
                .map_err(|error| CallError::Failed(format!("{error:#}")))?;
            tensors[target.port] = Some(tensor);
            Ok(())
        };
        put(self.ids, &rows(Encoding::get_ids, filler.id))?;
        if let Some(target) = self.types {
            put(target, &rows(Encoding::get_type_ids, filler.type_id))?;
        }
        if let Some(target) = self.mask {
            put(target, &mask)?;
        }
        Ok(token_mask)
    }
}

/// Loads the tokenizer, set to cut at `max_length`; rows are filled up here, not by it.
fn load_tokenizer(spec: &TextSpec, max_length: u32, assets: &dyn Assets) -> Result<(Tokenizer, Filler), String> {
    let path = spec.tokenizer.as_deref().unwrap_or(DEFAULT_TOKENIZER);
    let bytes = assets.read(path)?;
    let mut tokenizer = Tokenizer::from_bytes(&bytes)
        .map_err(|error| format!("`{path}` is not a tokenizer of Hugging Face: {error}"))?;
    let filler = match tokenizer.get_padding() {
        Some(padding) => Filler {
            id: padding.pad_id,
            type_id: padding.pad_type_id,
            on_the_left: matches!(padding.direction, PaddingDirection::Left),
        },
        None => {
            let known = ["[PAD]", "<pad>", "<|endoftext|>"].iter().find_map(|token| tokenizer.token_to_id(token));
            Filler { id: known.unwrap_or(0), type_id: 0, on_the_left: false }
        }
    };
    tokenizer.with_padding(None);
    tokenizer
        .with_truncation(Some(TruncationParams { max_length: max_length as usize, ..TruncationParams::default() }))
        .map_err(|error| format!("`max_length` {max_length}: {error}"))?;
    Ok((tokenizer, filler))
}

fn set_feed(
    texts: &Texts,
    index: usize,
    ports: &[Port],
    batch: usize,
    resolved: &mut Resolved,
) -> Result<(), InputError> {
    let port = &ports[index];
    if port.shape.len() != 2 {
        return Err(InputError::Mismatch {
            tensor: port.name.clone(),
            expected: format!("{} dimensions", port.shape.len()),
            given: "numbers of tokens, which are [batch, tokens]".to_owned(),
        });
    }
    resolved.set(port, index, &[Some(batch), texts.length])?;
    if texts.length.is_none()
        && let Some(feed) = &mut resolved.feeds[index]
    {
        feed.shape[1] = FeedDim::Symbol(LENGTH_SYMBOL.to_owned());
    }
    Ok(())
}

fn target(ports: &[Port], index: usize) -> Result<Target, InputError> {
    let port = &ports[index];
    let dtype = datum_type(port.dtype)
        .ok_or_else(|| InputError::BadType { tensor: port.name.clone(), dtype: port.dtype.as_str_name().to_owned() })?;
    Ok(Target { port: index, dtype })
}

/// One row of exactly `length` numbers.
fn padded(numbers: &[u32], length: usize, fill: u32, on_the_left: bool) -> Vec<i64> {
    let numbers = numbers.iter().take(length).map(|&number| i64::from(number));
    let filling = std::iter::repeat_n(i64::from(fill), length.saturating_sub(numbers.len()));
    if on_the_left { filling.chain(numbers).collect() } else { numbers.chain(filling).collect() }
}
