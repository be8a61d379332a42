// What becomes of an exception that escapes from a unit. Not: errors that units return.

using System;

namespace NbdFast.Chain;

/// <summary>Calls into units that must not bring down more than themselves.</summary>
internal static class Fault
{
    /// <summary>A call while the command line is read: whatever goes wrong ends the start with a message.</summary>
    /// <exception cref="ConfigException">The call failed.</exception>
    public static void Configuring(IUnit unit, Action call) => Configuring(unit, () =>
    {
        call();
        return true;
    });

    /// <inheritdoc cref="Configuring(IUnit, Action)"/>
    public static T Configuring<T>(IUnit unit, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception e) when (e is not ConfigException)
        {
            throw new ConfigException($"{unit.Table.Name}: {e.Message}", e);
        }
    }

    /// <summary>A call on behalf of a client: what escapes is told and counts as <see cref="Errno.EIO"/>.</summary>
    public static Errno Serving(IUnit unit, string callback, Func<Errno> call)
    {
        try
        {
            return call();
        }
        catch (Exception e)
        {
            return Escaped(unit, callback, e);
        }
    }

    /// <summary>Tells of an exception.</summary>
    /// <returns><see cref="Errno.EIO"/>.</returns>
    public static Errno Escaped(IUnit unit, string callback, Exception e)
    {
        Log.Debug($"{e}");
        return Log.Error(Errno.EIO, $"{unit.Table.Name}: {callback}: {e.Message}");
    }
}
