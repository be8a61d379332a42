// The server or the line did what makes the measurement void. Not: mistakes in our own command line.

using System;

namespace NbdFast.Bench.EndToEnd.Load;

/// <summary>A measurement that cannot be used, with the reason.</summary>
internal sealed class LoadException(string message) : Exception(message);
