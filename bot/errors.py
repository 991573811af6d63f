"""Every error that this project raises, in one tree.

AssistantError
  + GuideError            the guide pack has a mistake: file, line and a sentence in Chinese
  + SettingsError         a setting is missing or can't be read
  + MenuError             the menu has mistakes, or the platform refused it
  + StartError            a process can't be started, or doesn't get ready
  + ModelError            there is no trained model, or it can't be loaded
  + TurnError             a dialogue turn failed or gave no reply
  + BusError              Redis refused, or didn't answer in time
  + LostError             another process has taken over what this one had in hand
  + LoginError            another service didn't say who somebody is
  + NotYoursError         a conversation isn't, or is no longer, this member of staff's
  + ChannelError
      + EnvelopeError     a callback is not from the platform, stale, or malformed
      + RenderError       a reply can't be put into the channel's form
      + PlatformError     the platform's API answered with an error code
      + UnreachableError  a request didn't get to the platform's API: it is safe to send it again
          + LateError     a request would have gone out later than it may, so it wasn't made
      + NoAnswerError     a request went out and no answer came: nobody knows whether it was carried out
"""

from __future__ import annotations


class AssistantError(Exception):
    """Base class of all errors of this project."""


class GuideError(AssistantError):
    """A mistake in the guide pack.

    Args:
        problems: one sentence in Chinese for each mistake, each starting with ``file:line``.
    """

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class SettingsError(AssistantError):
    """A setting is missing or can't be read."""


class MenuError(AssistantError):
    """The menu has mistakes, or the platform refused it.

    Args:
        problems: one sentence in Chinese for each.
    """

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class StartError(AssistantError):
    """A process of the assistant can't be started, or doesn't get ready in time."""


class ModelError(AssistantError):
    """There is no trained model at the given path, or it can't be loaded."""


class TurnError(AssistantError):
    """A dialogue turn failed or gave no reply."""


class BusError(AssistantError):
    """Redis refused, or didn't answer in time."""


class LostError(AssistantError):
    """Another process has taken over what this one had in hand: it was too slow."""


class LoginError(AssistantError):
    """Another service didn't say who somebody is; the words are for the login page."""


class NotYoursError(AssistantError):
    """A conversation isn't, or is no longer, this member of staff's: nothing was written."""


class ChannelError(AssistantError):
    """Base class of what goes wrong between us and a messaging platform."""


class EnvelopeError(ChannelError):
    """A callback is not from the platform, is stale, or is malformed."""


class RenderError(ChannelError):
    """A reply can't be put into the channel's form."""


class PlatformError(ChannelError):
    """The platform's API answered with an error.

    Args:
        code: the platform's ``errcode``.
        message: the platform's ``errmsg``.
    """

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


class UnreachableError(ChannelError):
    """A request didn't get to the platform's API whole, so it wasn't carried out."""


class LateError(UnreachableError):
    """A request would have gone out later than it may, so it wasn't made."""


class NoAnswerError(ChannelError):
    """A request went out and no answer came that can be read: it may have been carried out, or not."""
