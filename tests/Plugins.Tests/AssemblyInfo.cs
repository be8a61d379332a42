// Where these tests run: the calls that they need exist on Linux only. Not: code.

using System.Runtime.Versioning;

[assembly: SupportedOSPlatform("linux")]
